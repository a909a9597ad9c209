import { defineConfig } from "vite";

// `npm run build` makes dist, which the program embeds. `npm run dev` serves the sources beside a twin that runs:
// FABTWIN_API=http://127.0.0.1:8480 npm run dev
export default defineConfig({
  base: "./",
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    target: "es2021",
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    assetsInlineLimit: 0, // the content security policy allows no inline data
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  server: { proxy: { "/v1": { target: process.env.FABTWIN_API ?? "http://127.0.0.1:8480" } } },
});
