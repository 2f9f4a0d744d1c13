import { Env } from "../contract.ts";
import { type CallBook, callBook } from "../core/call-book.ts";
import type { SettleRules } from "../core/settling.ts";
import { parseConfig } from "../runtime/config.ts";
import { type ApiServices, openApi } from "../services/api-services.ts";
import { jobTelling } from "../services/job-telling.ts";
import { openOnce } from "../services/open-once.ts";
import { ArchiveJobEnvironment, rulesOf } from "./settings.ts";

/** What the archive's steps work with. */
export interface ArchiveServices extends ApiServices {
  readonly archiveFrom: string;
  readonly rules: SettleRules;
  readonly book: CallBook;
}

const told = jobTelling("archive-calls");
export const archiveTelling = told.telling;

/** Opens the services for a slice. */
export const archiveServices = openOnce<ArchiveServices>((environment) => {
  const config = parseConfig(ArchiveJobEnvironment, environment);
  const api = openApi(config, { ...told, paced: "heavy" });
  const rules = rulesOf(config);
  const own = { archiveFrom: config[Env.archiveFrom], rules, book: callBook(rules) };
  return async (run) => ({ ...(await api(run)), ...own });
});
