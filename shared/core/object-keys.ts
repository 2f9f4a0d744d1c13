import type { Day } from "./days.ts";

/** Where everything lies. An id comes from outside: as a part of a key it can neither leave its folder nor be a dot. */
function part(id: string): string {
  return encodeURIComponent(id).replaceAll(".", "%2E");
}

const dated = (prefix: string, account: string, day: Day) => `${prefix}/account=${part(account)}/date=${day}`;

export type AudioExtension = "mp3" | "wav";

/** Keys in the archive bucket. */
export const archiveKeys = {
  calls: (account: string, day: Day) => `${dated("calls", account, day)}/calls.jsonl.gz`,
  index: (account: string, day: Day) => `${dated("calls", account, day)}/index.csv`,
  recording: (account: string, day: Day, id: string, extension: AudioExtension) =>
    `${dated("recordings", account, day)}/${part(id)}.${extension}`,
  manifest: (account: string, day: Day) => `${dated("manifests", account, day)}.json`,
  manifests: (account: string) => `manifests/account=${part(account)}/date=`,
  closed: (account: string, day: Day) => `${dated("closed", account, day)}.json`,
  /** Written when a day that was closed is opened, or closed, again: `revision` is its manifest's. */
  marked: (account: string, day: Day, revision: number, mark: "open" | "closed") =>
    `${dated("closed", account, day)}.r${String(revision).padStart(6, "0")}-${mark}.json`,
  closedDays: (account: string) => `closed/account=${part(account)}/date=`,
} as const;

/** Keys in the state bucket. */
export const stateKeys = {
  token: (name: string) => `tokens/${name}.json`,
  owner: (job: string) => `owners/${job}.json`,
  account: "accounts/account.json",
  page: (account: string, day: Day, listing: string, page: number) =>
    `${dated("pages", account, day)}/${part(listing)}/${String(page).padStart(6, "0")}.json.gz`,
  plan: (run: string) => `plans/${part(run)}.jsonl.gz`,
  allOutcomes: (account: string) => `outcomes/account=${part(account)}/date=`,
  outcomes: (account: string, day: Day) => `${dated("outcomes", account, day)}/`,
  outcome: (account: string, day: Day, run: string, name: string) =>
    `${dated("outcomes", account, day)}/${part(run)}/${part(name)}.json.gz`,
} as const;

/** The day that a key under `prefix…date=` is about, or undefined. */
export function dayInKey(key: string): Day | undefined {
  return /date=(\d{4}-\d{2}-\d{2})(?:\.|\/)/.exec(key)?.[1];
}
