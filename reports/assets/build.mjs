// Builds style sheet and script into assets/built.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile, NodePackageImporter } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "built");
mkdirSync(built, { recursive: true });

const style = compile(join(here, "plumbline.scss"), {
  style: "compressed",
  importers: [new NodePackageImporter(here)],
  quietDeps: true,
});
writeFileSync(join(built, "plumbline.css"), style.css);

await build({
  entryPoints: [join(here, "plumbline.js")],
  outfile: join(built, "plumbline.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
copyFileSync(join(here, "plumbline.svg"), join(built, "plumbline.svg"));
