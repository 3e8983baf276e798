// A key from a passphrase, by the browser's own cryptography: it takes about a
// second on purpose, and does so beside the page.

/** PBKDF2-HMAC-SHA256, 32 bytes out, of the passphrase in UTF-8 and normal form C. */
export async function deriveKey(passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(passphrase.normalize("NFC"));
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  const derived = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, 256);
  return new Uint8Array(derived);
}
