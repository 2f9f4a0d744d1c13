import type { AnalyticsEvent } from "../core/analytics/manifest.ts";
import type { Ask, Part } from "../core/analytics/request.ts";
import { type Day, daysBetween } from "../core/days.ts";
import type { ObjectRef } from "../core/manifest.ts";
import { archiveKeys, bookKeys } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import { readDayState } from "../storage/manifest-file.ts";
import { writeOutcome } from "../storage/outcomes.ts";
import { createDayAnswers, type DayAnswers } from "./day-answers.ts";
import type { AnalyticsServices } from "./services.ts";
import { type AnswerPage, answerPages, askOf, type FetchedAsk } from "./stored-pages.ts";

/** Files the answers to an ask, day by day; what of them has changed is stored, and what they say is written down for the manifests. */
export async function filePart(s: AnalyticsServices, account: string, fetched: FetchedAsk): Promise<void> {
  const { at } = fetched;
  const ask = askOf(fetched);
  if (await isFiled(s, account, ask)) return;
  const days = new Map(daysBetween(ask.from, ask.to).map((day) => [day, createDayAnswers(day, s.timeZone)]));
  try {
    await readInto([...days.values()], answerPages(s, account, fetched));
    for (const [day, answers] of [...days].reverse()) await storeDay(s, account, { day, ask, at, answers });
  } finally {
    for (const answers of days.values()) await answers.discard();
  }
}

/** By a slice of this run that went further than its cursor could say; the first day is stored last. */
async function isFiled({ state, run }: AnalyticsServices, account: string, ask: Ask): Promise<boolean> {
  const key = bookKeys.analytics.outcome(account, ask.from, run.name, outcomeOf(ask));
  return (await state.head(key)) !== undefined;
}

function outcomeOf({ group, interval }: Part): string {
  return `${group}-${interval}`;
}

/** @throws JobError API_UNEXPECTED where pages have moved while they were read, so that some keys came twice and others never */
async function readInto(days: readonly DayAnswers[], pages: AsyncIterable<AnswerPage>): Promise<void> {
  let expected: unknown;
  for await (const page of pages) {
    expected = page.answer.paging.totalElements;
    for (const day of days) await day.add(page, days.length === 1);
  }
  for (const day of days) await day.end();
  const keys = days[0]?.keys() ?? 0;
  if (typeof expected !== "number" || keys >= expected) return;
  throw new JobError("API_UNEXPECTED", `RingCentral has ${expected} keys and its pages showed ${keys} of them`, {
    todo: "Nothing: somebody was added or removed meanwhile; the next run asks again.",
    details: { expected, keys },
  });
}

interface DayToStore {
  readonly day: Day;
  readonly ask: Ask;
  readonly at: string;
  readonly answers: DayAnswers;
}

async function storeDay(s: AnalyticsServices, account: string, { day, ask, at, answers }: DayToStore): Promise<void> {
  const { group, interval } = ask;
  const { keys, numbers, fingerprint } = answers.facts();
  const { manifest } = await readDayState({ ...s, account }, day);
  const known = manifest.groups.find((entry) => entry.group === group && entry.interval === interval);
  const isKnown = known?.collections.at(-1)?.fingerprint === fingerprint;
  const object = (isKnown && (await stillThere(s, known?.object))) || (await store(s, account, { day, ask, answers }));
  const collection = { run: s.run.name, at, fingerprint };
  const event: AnalyticsEvent = { is: "collected", group, interval, collection, object, keys, numbers };
  await writeOutcome(s, { account, day, name: outcomeOf(ask) }, [event]);
}

async function stillThere({ archive }: AnalyticsServices, object: ObjectRef | undefined) {
  const facts = object && (await archive.head(object.key));
  return facts?.etag === object?.etag ? object : undefined;
}

async function store(
  { archive }: AnalyticsServices,
  account: string,
  { day, ask, answers }: Pick<DayToStore, "day" | "ask" | "answers">,
): Promise<ObjectRef> {
  const key = archiveKeys.answers(account, day, ask);
  const body = answers.body();
  const etag = await archive.put(key, body, "application/gzip");
  return { key, bytes: body.bytes, sha256: body.sha256, etag };
}
