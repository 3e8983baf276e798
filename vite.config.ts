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
          .filter((name) => name.endsWith(".wasm"))
          .map((name) => ({
            tag: "link",
            injectTo: "head" as const,
            attrs: { rel: "preload", href: `/${name}`, as: "fetch", type: "application/wasm", crossorigin: true },
          })),
    },
  };
}

export default defineConfig({
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
        // All that a page without a network needs. The icons are the installer's,
        // and the font's other scripts are kept when first used.
        globPatterns: ["**/*.{html,js,css,wasm}", "assets/inter-latin-wght*.woff2", "icon.svg"],
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/(sync|healthz|readyz|metrics)\b/],
        cleanupOutdatedCaches: true,
        inlineWorkboxRuntime: true,
        sourcemap: false,
        runtimeCaching: [
          {
            urlPattern: /\/assets\/.*\.woff2$/,
            handler: "CacheFirst",
            options: { cacheName: "fonts" },
          },
        ],
      },
    }),
  ],
});
