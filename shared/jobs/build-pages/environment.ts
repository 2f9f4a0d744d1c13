import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import type { PageStyle } from "../../pages/report.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { peopleModes } from "./settings.ts";

/** Environment of `build-pages`, and of `start-run`, which plans the same pages. */
export const PagesEnvironment = z.extend(StorageEnvironment, {
  [Env.pagesLocale]: z._default(z.string(), "en-US"),
  [Env.pagesPeople]: z._default(z.enum(peopleModes), "names"),
  [Env.stackName]: z.optional(z.string()),
});
type PagesEnvironment = z.infer<typeof PagesEnvironment>;

/** Returns how pages are written, and the stack that they name in commands. */
export function pagesFacts(config: PagesEnvironment): { readonly style: PageStyle; readonly stack: string } {
  const style = {
    locale: config[Env.pagesLocale],
    timeZone: config[Env.timeZone],
    people: config[Env.pagesPeople],
  };
  return { style, stack: config[Env.stackName] ?? "none" };
}
