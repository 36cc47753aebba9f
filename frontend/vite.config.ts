import { defineConfig } from "vite";

// Pages name their files through the manifest ({% built_asset %}), so every file may carry its hash
// and be cached for ever.
export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the files work under any AFTERWORD static prefix.
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/afterword/web/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    // The styles use light-dark(); these are the first browsers that know it.
    target: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ["main.ts", "styles/main.css"],
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
