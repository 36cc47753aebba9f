// Copies the fonts of the PDF renderer out of node_modules into the Python package, each with the
// licence of the package that it came from. fonts.json says which: {"npm package": ["file", ...]}.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const frontend = dirname(fileURLToPath(import.meta.url));
const listing = join(frontend, "fonts.json");
const target = join(frontend, "../src/afterword/documents/fonts");

if (existsSync(listing)) {
  mkdirSync(target, { recursive: true });
  for (const [name, files] of Object.entries(JSON.parse(readFileSync(listing, "utf8")))) {
    copyPackage(name, files);
  }
}

function copyPackage(name, files) {
  const folder = join(frontend, "node_modules", name);
  if (!existsSync(folder)) {
    fail(`fonts.json names ${name}, which package.json does not install.`);
  }
  // LICENSE_FONT is the font's own licence where LICENSE is only that of the package around it.
  const licences = readdirSync(folder).filter((file) => /^(licen[cs]e|ofl)/i.test(file));
  const licence = licences.find((file) => /font|ofl/i.test(file)) ?? licences[0];
  if (!licence) {
    fail(`${name} carries no licence text, so its fonts may not be shipped.`);
  }
  copyFileSync(join(folder, licence), join(target, `LICENSE-${name.split("/").pop()}.txt`));
  for (const file of files) {
    if (!existsSync(join(folder, file))) {
      fail(`${name} has no file ${file}.`);
    }
    copyFileSync(join(folder, file), join(target, basename(file)));
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
