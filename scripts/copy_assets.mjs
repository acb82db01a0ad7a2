// Copies what the pages need from node_modules into web/static/vendor: styles, scripts, icons, fonts.
//
// Nothing in that folder is ours, and git ignores it. A second run does nothing unless an input changed.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

process.on("uncaughtException", (error) => {
  console.error(`zalicz: ${error.message}`);
  process.exit(1);
});

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const vendor = join(root, "web/static/vendor");
const staging = join(modules, ".vendor"); // Renamed into place at the end, so that no half-filled folder is served.

const FILES = {
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "idb.js": "idb/build/index.js",
  "chart.umd.min.js": "chart.js/dist/chart.umd.min.js",
  "zxing/reader.js": "zxing-wasm/dist/iife/reader/index.js",
  "zxing/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
};

// Polish, English and German are in latin and latin-ext, Ukrainian is in cyrillic.
const MANROPE_SUBSETS = ["cyrillic", "latin-ext", "latin"];

// The documents and labels that we print, and the invoices that the demo draws.
const FONTS = [
  ...["", "-Bold", "Condensed", "Condensed-Bold", "Mono", "Mono-Bold"].map(
    (cut) => `dejavu-fonts-ttf/ttf/DejaVuSans${cut}.ttf`,
  ),
  ...expo("manrope", "Manrope", ["400Regular", "500Medium", "700Bold", "800ExtraBold"]),
  ...expo("arimo", "Arimo", ["400Regular", "700Bold", "400Regular_Italic"]),
  ...expo("tinos", "Tinos", ["400Regular", "700Bold"]),
  ...expo("carlito", "Carlito", ["400Regular", "700Bold"]),
  ...expo("roboto", "Roboto", ["400Regular", "500Medium", "700Bold"]),
  ...expo("cousine", "Cousine", ["400Regular", "700Bold"]),
  ...expo("inconsolata", "Inconsolata", ["400Regular", "700Bold"]),
  ...expo("caveat", "Caveat", ["400Regular"]),
];

function expo(name, family, cuts) {
  return cuts.map((cut) => `@expo-google-fonts/${name}/${cut}/${family}_${cut}.ttf`);
}

function read(...parts) {
  return readFileSync(join(...parts), "utf8");
}

function copy(source, target) {
  mkdirSync(dirname(join(staging, target)), { recursive: true });
  cpSync(join(modules, source), join(staging, target));
}

/** Every file below `folder` whose name ends in one of `endings`; the vendor folder itself is left out. */
function filesBelow(folder, endings) {
  if (!existsSync(folder) || folder === vendor) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
    })
    .sort();
}

/** What can name a class: templates, scripts, and the Python that hands class names to templates. */
function pageSources() {
  return filesBelow(join(root, "web"), [".html", ".jinja", ".js", ".py"]);
}

/** Drops `sourceMappingURL` comments: the maps are not copied, and a browser would ask for them. */
function withoutSourceMap(text) {
  return text.replace(/\n?\/[/*]# sourceMappingURL=\S+(\s*\*\/)?\s*$/, "\n");
}

async function bootstrap(sources) {
  const full = withoutSourceMap(read(modules, "bootstrap/dist/css/bootstrap.min.css"));
  const texts = sources.map((path) => read(path));
  if (!sources.some((path) => path.endsWith(".html"))) return full;
  // A class that is finished while the page is drawn (`btn-{{ tone }}`) keeps all classes with its beginning.
  const beginnings = texts.flatMap((text) =>
    [...text.matchAll(/([A-Za-z][\w-]*-)(?=\{\{|\{%|\$\{|\{|["'] *[+~])/g)].map((hit) => hit[1]),
  );
  const { PurgeCSS } = await import("purgecss");
  const [purged] = await new PurgeCSS().purge({
    content: texts.map((raw) => ({ raw, extension: "html" })),
    css: [{ raw: full }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    safelist: { standard: ["html", "body"], greedy: [...new Set(beginnings)].map((text) => new RegExp(`^\\.?${text}`)) },
  });
  return purged.css;
}

function manrope() {
  const css = read(modules, "@fontsource-variable/manrope/wght.css");
  const faces = css.match(/@font-face \{[^}]*\}/g) ?? [];
  return MANROPE_SUBSETS.map((subset) => {
    const file = `manrope-${subset}-wght-normal.woff2`;
    const face = faces.find((text) => text.includes(`/${file})`));
    if (!face) throw new Error(`The Manrope package no longer has the subset ${subset}.`);
    copy(`@fontsource-variable/manrope/files/${file}`, `fonts/${file}`);
    return face.replace("./files/", "fonts/");
  }).join("\n");
}

/** The names in web/icons.txt, one a line; `#` starts a remark, `-filled` at the end asks for the filled drawing. */
function iconNames() {
  const lines = read(root, "web/icons.txt").split("\n");
  return [...new Set(lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean))];
}

function symbol(name) {
  const filled = name.endsWith("-filled");
  const file = join(modules, "@tabler/icons/icons", filled ? "filled" : "outline", `${name.replace(/-filled$/, "")}.svg`);
  if (!existsSync(file)) throw new Error(`web/icons.txt asks for ${name}, which the icon set does not have.`);
  const drawing = read(file)
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
    .replace(/\s*\n\s*/g, "");
  const paint = filled
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${drawing}</symbol>`;
}

function licences() {
  return Object.keys(JSON.parse(read(root, "package.json")).dependencies)
    .map((name) => {
      const texts = readdirSync(join(modules, name)).filter((file) => /^LICENSE/i.test(file));
      if (!texts.length) throw new Error(`${name} states no licence.`);
      return `== ${name} ==\n\n${texts.map((file) => read(modules, name, file)).join("\n")}`;
    })
    .join("\n\n");
}

function fingerprint(sources) {
  const hash = createHash("sha256");
  for (const path of [
    fileURLToPath(import.meta.url),
    join(root, "package-lock.json"),
    join(root, "web/icons.txt"),
    ...sources,
  ]) {
    hash.update(`${path.slice(root.length)}\n`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

const sources = pageSources();
const wanted = fingerprint(sources);
const stamp = join(vendor, ".stamp");
if (!existsSync(stamp) || read(stamp) !== wanted) {
  rmSync(staging, { recursive: true, force: true });
  for (const source of FONTS) copy(source, `fonts/${basename(source)}`);
  for (const [target, source] of Object.entries(FILES)) {
    copy(source, target);
    if (target.endsWith(".js")) writeFileSync(join(staging, target), withoutSourceMap(read(modules, source)));
  }
  const sprite = iconNames().map(symbol).join("\n");
  const made = {
    "manrope.css": `${manrope()}\n`,
    "bootstrap.min.css": await bootstrap(sources),
    "icons.svg": `<svg xmlns="http://www.w3.org/2000/svg">\n${sprite}\n</svg>\n`,
    "LICENCES.txt": licences(),
    ".stamp": wanted,
  };
  for (const [target, text] of Object.entries(made)) writeFileSync(join(staging, target), text);
  rmSync(vendor, { recursive: true, force: true });
  mkdirSync(dirname(vendor), { recursive: true });
  renameSync(staging, vendor);
}
