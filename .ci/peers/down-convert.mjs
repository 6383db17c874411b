// Converts a folder of OpenAPI 3.1 descriptions with @apiture/openapi-down-convert:
// node down-convert.mjs TOOLS SOURCES OUTPUT
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [tools, sources, output] = process.argv.slice(2);
const { Converter } = createRequire(resolve(tools, 'package.json'))('@apiture/openapi-down-convert');

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
for (const file of readdirSync(sources)) {
  const name = file.replace(/\.json$/, '');
  const messages = [];
  console.warn = console.error = (...parts) => messages.push(parts.join(' ').split('\n')[0]);
  try {
    // With the options that keep most: what is beside a reference, and messages for all that it changes.
    const options = { verbose: true, allOfTransform: true };
    const source = JSON.parse(readFileSync(join(sources, file), 'utf8'));
    const converted = new Converter(source, options).convert();
    writeFileSync(join(output, `${name}.json`), JSON.stringify(converted));
    // Messages about a changed form are not about a loss.
    const losses = messages.filter((message) => /Removed|Deleted|deleted|Unable/.test(message));
    writeFileSync(join(output, `${name}.notes`), losses.join('\n'));
  } catch (error) {
    writeFileSync(join(output, `${name}.error`), String(error.message));
  }
}
