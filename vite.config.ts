import { readFileSync, readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import type { Root } from "postcss";
import subsetFont from "subset-font";
import type { Plugin } from "vite";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

// The relay that `cargo xtask dev` has started; see xtask/src/dev.rs.
const relay = process.env.SAMSKRIV_RELAY ?? "http://127.0.0.1:5174";

/**
 * Lets the browser fetch the wasm while it still reads the script that asks for
 * it. The wasm's hashed name is known only when the bundle is written.
 */
function preloadWasm(): Plugin {
  return {
    name: "samskriv:preload-wasm",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((name) => /samskriv_bg-.*\.wasm$/.test(name))
          .map((name) => ({
            tag: "link",
            injectTo: "head" as const,
            attrs: { rel: "preload", href: `/${name}`, as: "fetch", type: "application/wasm", crossorigin: true },
          })),
    },
  };
}

/** What Norwegian and English plans are written with; `style/font.css` names the same. */
const LATIN = [
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x2010, 0x2015],
  [0x2018, 0x201e],
  [0x2020, 0x2026],
  [0x2030, 0x203a],
  [0x20ac, 0x20ac],
  [0x2190, 0x2193],
  [0x2212, 0x2212],
] as const;

/**
 * Writes Inter with the letters, weights and features that the app uses to
 * `target/web/font`: less than half of the file that the package has.
 */
function subsetInter(): Plugin {
  return {
    name: "samskriv:subset-inter",
    async buildStart() {
      const whole = createRequire(import.meta.url).resolve(
        "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
      );
      const letters = LATIN.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, n) => String.fromCodePoint(first + n)),
      );
      const font = await subsetFont(await readFile(whole), letters.join(""), {
        targetFormat: "woff2",
        // Kerning, accents, and figures of one width in tables.
        keepFeatures: ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"],
        variationAxes: { wght: { min: 400, max: 700 } },
      });
      await mkdir("target/web/font", { recursive: true });
      await writeFile("target/web/font/inter-latin.woff2", font);
    },
  };
}

/** What a part of Designsystemet is for: a class, or a choice by an attribute. */
const PURPOSE = /\.(ds-[\w-]+)|\[(data-(?:color|color-scheme|size|typography|variant))=["']?([\w-]+)["']?\]/g;
/** What stands within parentheses may be an alternative or the opposite. */
const WITHIN = /\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g;
/** The names that are Designsystemet's own. */
const PROPERTY = /^--_?dsc?-/;

/** All that can name a class, a choice or a property besides the styles themselves. */
function sources(): string {
  const names = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => /\.(rs|ts)$/.test(name));
  return ["index.html", ...names.map((name) => `src/${name}`)].map((name) => readFileSync(name, "utf8")).join("\n");
}

/**
 * Drops the rules for classes and choices that the app's sources don't name, and
 * then the custom properties that nothing reads any longer.
 */
function dropUnused(root: Root): void {
  const source = sources();
  const isGiven = (attribute: string, value: string) =>
    source.includes(`${attribute}="${value}"`) ||
    // It may be worked out.
    (new RegExp(`${attribute}=[^"]`).test(source) && source.includes(`"${value}"`));
  const isUsed = (selector: string) =>
    [...selector.replace(WITHIN, "").matchAll(PURPOSE)].every(([, name, attribute = "", value = ""]) =>
      name ? source.includes(name) : isGiven(attribute, value),
    );
  root.walkRules((rule) => {
    const used = rule.selectors.filter(isUsed);
    if (used.length === 0) {
      rule.remove();
    } else if (used.length < rule.selectors.length) {
      rule.selectors = used;
    }
  });

  // To drop one may leave others that only it has read.
  for (let dropped = true; dropped; ) {
    dropped = false;
    const read = new Set(root.toString().match(/(?<=var\(\s*)--[\w-]+/g));
    root.walkDecls(PROPERTY, (declaration) => {
      if (!read.has(declaration.prop) && !source.includes(declaration.prop)) {
        declaration.remove();
        dropped = true;
      }
    });
  }
}

/** Takes out of Designsystemet what no page of the app can use. */
function trimTheme(): Plugin {
  return {
    name: "samskriv:trim-theme",
    // While the app is being written, a choice can be new since the styles were read.
    apply: "build",
    config: () => ({ css: { postcss: { plugins: [{ postcssPlugin: "samskriv:trim-theme", OnceExit: dropUnused }] } } }),
  };
}

export default defineConfig({
  // What the wasm imports by these names; see src/editor/mod.rs and src/device/passphrase.rs.
  resolve: {
    alias: {
      "samskriv:editor": fileURLToPath(new URL("src/editor/index.ts", import.meta.url)),
      "samskriv:passphrase": fileURLToPath(new URL("src/passphrase.ts", import.meta.url)),
    },
  },
  build: {
    outDir: "target/web/dist",
    emptyOutDir: true,
    target: "es2022",
    // Nothing as a data: address: the relay's policy allows none in styles, and
    // a file of its own is cached by its hash.
    assetsInlineLimit: 0,
    // Every browser that runs the app's wasm knows modulepreload.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: { "/sync": { target: relay, ws: true } },
    // Of cargo's output only the finished package is part of the page.
    watch: { ignored: (path) => path.includes("/target/") && !path.includes("/target/web") },
  },
  plugins: [
    preloadWasm(),
    subsetInter(),
    trimTheme(),
    VitePWA({
      // A new version is offered, never forced: src/start.ts registers the worker.
      registerType: "prompt",
      injectRegister: null,
      manifest: {
        name: "Samskriv",
        short_name: "Samskriv",
        description: "Skriv ein plan i lag, også utan nett",
        lang: "nn",
        id: "/",
        start_url: "/",
        display: "standalone",
        background_color: "#ffffff",
        theme_color: "#ffffff",
        icons: [
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      includeManifestIcons: false,
      workbox: {
        // All that a page without a network needs. The icons are the installer's;
        // the font's other scripts, the example, the texts of pages to read, the editor,
        // what only some need and the reader of Word's HTML are kept when first used.
        globPatterns: ["index.html", "**/*.{js,css,wasm}", "assets/inter-latin-!(ext)*.woff2", "icon.svg"],
        globIgnores: ["assets/{editor,word}-*.js", "assets/split_*.wasm"],
        // The wasm of the loop while writing the app is large.
        maximumFileSizeToCacheInBytes: 64 * 1024 * 1024,
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/(sync|healthz|readyz|metrics)\b/],
        cleanupOutdatedCaches: true,
        inlineWorkboxRuntime: true,
        sourcemap: false,
        runtimeCaching: [
          {
            urlPattern: /\/assets\/.*\.(woff2|json|html|js|wasm)$/,
            handler: "CacheFirst",
            options: { cacheName: "when-used" },
          },
        ],
      },
    }),
  ],
});
