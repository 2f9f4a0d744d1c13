import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { oldDecisions } from "./list.ts";

/** Preloaded before the storms (`node --import`): replaces today's decision by the one that `OLD_DECISION` names. */
const name = process.env.OLD_DECISION ?? "";
const decision = oldDecisions[name];
if (!decision) throw new Error(`OLD_DECISION: there is ${Object.keys(oldDecisions).join(", ")}`);
const shared = join(import.meta.dirname, "..", "..", "..", "shared");
const replaced = Map.groupBy(decision.replaced, ({ module }) => pathToFileURL(join(shared, module)).href);

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const changes = replaced.get(url);
    if (!changes) return loaded;
    let source = String(loaded.source);
    for (const { module, now, once } of changes) {
      if (!source.includes(now)) throw new Error(`${name}: ${module} has changed: ${now}`);
      source = source.replace(now, () => once);
    }
    return { ...loaded, source };
  },
});
