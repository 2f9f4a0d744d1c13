import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import type { PageStyle } from "../../pages/report.ts";
import { parseConfig } from "../../runtime/config.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { openStorage, type StorageServices } from "../../wiring/storage-services.ts";
import { peopleModes } from "./settings.ts";

const PagesEnvironment = z.extend(StorageEnvironment, {
  [Env.pagesLocale]: z._default(z.string(), "en-US"),
  [Env.pagesPeople]: z._default(z.enum(peopleModes), "names"),
  [Env.stackName]: z.optional(z.string()),
});

/** Services for building pages: S3 only. */
export interface PagesServices extends StorageServices {
  readonly style: PageStyle;
  readonly stack: string;
}

/** Opens the services of `build-pages`. */
export const pagesServices = lazyServices<PagesServices>("build-pages", (environment, options) => {
  const config = parseConfig(PagesEnvironment, environment);
  const openSlice = openStorage(config, options);
  const style = {
    locale: config[Env.pagesLocale],
    timeZone: config[Env.timeZone],
    people: config[Env.pagesPeople],
  };
  return (run) => ({ ...openSlice(run), style, stack: config[Env.stackName] ?? "none" });
});
