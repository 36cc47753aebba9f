import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

/** Packages whose files we ship inside the bundle under a licence that must travel with them. */
const LICENSED = ["@fontsource-variable/inter", "@fontsource-variable/source-serif-4", "htmx.org"];

// Pages name their files through the manifest ({% built_asset %}), so every file may carry its hash
// and be cached for ever.
export default defineConfig({
  // Relative, so that the files work under any address of static files.
  base: "./",
  publicDir: false,
  plugins: [licences()],
  build: {
    outDir: "../src/afterword/web/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    // The styles use light-dark(); these are the first browsers that know it.
    target: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["main.ts", "styles/main.css"],
      // htmx holds an eval for those who allow it; main.ts does not, nor does the policy of the pages.
      checks: { eval: false },
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});

function licences() {
  return {
    name: "licences",
    generateBundle() {
      for (const name of LICENSED) {
        this.emitFile({
          type: "asset",
          fileName: `licences/${name.split("/").pop()}.txt`,
          source: readFileSync(`node_modules/${name}/LICENSE`, "utf8"),
        });
      }
    },
  };
}
