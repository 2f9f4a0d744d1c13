import type { PageStyle } from "../../pages/report.ts";
import { parseConfig } from "../../runtime/config.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { openStorage, type StorageServices } from "../../wiring/storage-services.ts";
import { PagesEnvironment, pagesFacts } from "./environment.ts";

/** Services for building pages: S3 only. */
export interface PagesServices extends StorageServices {
  readonly style: PageStyle;
  readonly stack: string;
}

/** Opens the services of `build-pages`. */
export const pagesServices = lazyServices<PagesServices>("build-pages", (environment, options) => {
  const config = parseConfig(PagesEnvironment, environment);
  const openSlice = openStorage(config, options);
  return (run) => ({ ...openSlice(run), ...pagesFacts(config) });
});
