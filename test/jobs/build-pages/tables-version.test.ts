import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { figuresForm } from "../../../shared/core/figures/day-figures.ts";
import type { TableName } from "../../../shared/core/tables/table-schema.ts";
import { tablesVersion } from "../../../shared/jobs/build-pages/tables-version.ts";
import { type ManifestEtags, sourceVersion } from "../../../shared/jobs/build-tables/source-version.ts";
import type { BuiltTable } from "../../../shared/storage/build-index.ts";

const table = (sha256: string, etag = "e"): BuiltTable => ({ etag, bytes: 1, sha256 });
const source = (etags: ManifestEtags, neighbours?: string[]) => sourceVersion({ analytics: "a", ...etags }, neighbours);
const versionOf = (...tables: readonly [TableName, BuiltTable][]) =>
  tablesVersion({ source: source({}), tables: new Map(tables) });

const version = versionOf(["calls", table("a")], ["recordings", table("b")]);

test("a day whose tables have other bytes, one table less, or the same bytes in other tables has another version", () => {
  const others = [
    versionOf(["calls", table("a")], ["recordings", table("c")]),
    versionOf(["calls", table("a")]),
    versionOf(["calls", table("b")], ["recordings", table("a")]),
    versionOf(),
  ];

  expect(new Set([version, ...others]).size).toBe(5);
});

test("a day whose analytics were collected again has another version, even if its tables have the same bytes: a group may have no rows", () => {
  const tables = new Map([["calls", table("a")] as const]);
  const versions = [{ analytics: "a" }, { analytics: "b" }].map((each) =>
    tablesVersion({ source: source(each), tables }),
  );

  expect(new Set([...versions, tablesVersion({ source: "of another form", tables })]).size).toBe(3);
});

test("a day has the same version whatever the order of its tables, their ETags and the manifests of calls they are from", () => {
  expect(versionOf(["recordings", table("b", "f")], ["calls", table("a", "g")])).toBe(version);
  expect(tablesVersion({ source: source({ calls: "b" }, ["c", "d"]), tables: new Map([["calls", table("a")]]) })).toBe(
    versionOf(["calls", table("a")]),
  );
});

test("a version has the form of the figures, so that another form reads every day again", () => {
  const versionIn = (form: number) =>
    hash("sha256", `${form}\ncalls a\nrecordings b\n analytics a`, "base64url").slice(0, 22);

  expect(version).toBe(versionIn(figuresForm));
  expect(version).not.toBe(versionIn(figuresForm + 1));
});
