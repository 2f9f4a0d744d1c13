import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const dist = join(import.meta.dirname, "../../dist");
const suffix = ".meta.json";

/** The functions whose bundle has something of a package. */
function bundlesWith(name: string): readonly string[] {
  return readdirSync(dist)
    .filter((file) => file.endsWith(suffix))
    .filter((file) => {
      const { inputs } = JSON.parse(readFileSync(join(dist, file), "utf8")) as { readonly inputs: object };
      return Object.keys(inputs).some((path) => path.startsWith(`node_modules/${name}/`));
    })
    .map((file) => file.slice(0, -suffix.length));
}

test.each(["vega", "vega-lite", "hono"])(
  "%s, with which pages are drawn, is in the bundle of build-pages alone",
  (name) => {
    expect(bundlesWith(name)).toEqual(["build-pages"]);
  },
);
