import { expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import type { AnalyticsQuery } from "../../../shared/core/analytics/analytics-query.ts";
import { stateKeys } from "../../../shared/core/object-keys.ts";
import {
  listRunQueries,
  listUnstoredRuns,
  markRunStored,
  readUnstoredQueries,
} from "../../../shared/jobs/collect-analytics/run-queries.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const account = "7";
const query = { group: "Users", interval: "Hour", from: "2026-11-03", to: "2026-11-04" } as const;
const smaller: AnalyticsQuery = { ...query, perPage: 10 };

test("a run is unstored until it is marked, whatever else lies beside its files", async () => {
  const state = memoryBucket();
  const put = (key: string) => state.put(key, toBody("{}"), "application/json");
  for (const run of ["one", "the other"]) await put(stateKeys.plannedQueries(account, run));
  for (const name of ["%", "one.bak.json", "folder/one.json", ""]) {
    await put(`${stateKeys.plannedQueriesPrefix(account)}${name}`);
    await put(`${stateKeys.storedRunsPrefix(account)}${name}`);
  }
  const before = await listUnstoredRuns(state, account);

  await markRunStored(state, account, "the other");

  expect(before).toEqual(["one", "the other"]);
  expect(await listUnstoredRuns(state, account)).toEqual(["one"]);
});

test("queries are begun by their pages, with their keys per page, and stored by their notes", async () => {
  const state = memoryBucket();
  const put = (key: string) => state.put(key, toBody("{}"), "application/json");
  await put(stateKeys.plannedQueries(account, "run"));
  for (const page of [1, 2]) await put(stateKeys.responsePage({ account, run: "run", query }, page));
  await put(stateKeys.responsePage({ account, run: "run", query: smaller }, 2));
  await put(stateKeys.responsePage({ account, run: "run 2", query }, 1));
  for (const name of ["Users-Hour-2026-11-03-2026-13-01/000001.json.gz", "Users/000001.json.gz", "000001.json.gz"])
    await put(`${stateKeys.responsePagesPrefix(account, "run")}${name}`);
  await put(stateKeys.storedQuery({ account, run: "run", query }));

  const { begun, pagesOf, isStored, markStored } = await listRunQueries(state, account, "run");

  expect(begun).toEqual([smaller, query]);
  expect([query, smaller].map((each) => [...pagesOf(each).keys()])).toEqual([[1, 2], [2]]);
  expect([query, smaller].map(isStored)).toEqual([true, false]);
  expect(await readUnstoredQueries(state, account)).toEqual([smaller]);
  await markStored(smaller);
  expect(await readUnstoredQueries(state, account)).toEqual([]);
});
