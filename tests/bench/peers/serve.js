// One peer's server as a process of its own: `node serve.js PEER FOLDER`.

const [peer, folder] = process.argv.slice(2);
const { serve } = await import(`./${peer}.js`);
console.log(await serve(folder));
