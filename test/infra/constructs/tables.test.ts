import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readNamedQueries } from "../../../infra/named-queries.ts";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import {
  type Column,
  partitionColumn,
  type Table,
  type TableName,
  tableNames,
  tables,
} from "../../../shared/core/tables/table-schema.ts";
import { addDays } from "../../../shared/core/time/days.ts";
import { flat, resourceOf, resourcesOf } from "../../support/infra/resources.ts";
import { type StackOptions, settings, templateOf } from "../../support/infra/stack.ts";
import { temporaryFolder } from "../../support/infra/temporary-folder.ts";

const template = templateOf();
const derived = `<${resourceOf(template, "AWS::S3::Bucket", "BucketsDerived").id}>`;
const responses = resourceOf(template, "AWS::S3::Bucket", "BucketsQueryResults").id;
const queries = join(import.meta.dirname, "../../../infra/queries");

interface GlueColumn {
  readonly Name: string;
  readonly Type: string;
  readonly Comment: string;
}

interface GlueTable {
  readonly Name: string;
  readonly Description: string;
  readonly TableType: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly PartitionKeys: readonly GlueColumn[];
  readonly StorageDescriptor: {
    readonly Location: unknown;
    readonly Columns: readonly GlueColumn[];
    readonly SerdeInfo: { readonly SerializationLibrary: string };
  };
}

const known = resourcesOf(template, "AWS::Glue::Table").map(({ Properties }) => Properties.TableInput as GlueTable);
const asGlue = ({ name, type, about }: Column) => ({ Name: name, Type: type, Comment: about });

describe("Athena", () => {
  test("has exactly the tables that are built, in a database whose name needs no quotes", () => {
    const { id, Properties } = resourceOf(template, "AWS::Glue::Database");

    expect((Properties.DatabaseInput as { readonly Name: string }).Name).toBe("nightshift_test");
    expect(known.map(({ Name }) => Name)).toEqual(tableNames);
    for (const { Properties } of resourcesOf(template, "AWS::Glue::Table"))
      expect(flat(Properties.DatabaseName)).toBe(`<${id}>`);
  });

  test.each(tableNames)("has the format of %s: its columns, and Parquet", (name) => {
    const { Description, TableType, Parameters, PartitionKeys, StorageDescriptor } = tableOf(name);

    expect([Description, TableType]).toEqual([tables[name].about, "EXTERNAL_TABLE"]);
    expect(Parameters).toMatchObject({ classification: "parquet" });
    expect(StorageDescriptor.SerdeInfo.SerializationLibrary).toMatch(/\.ParquetHiveSerDe$/);
    expect(StorageDescriptor.Columns).toEqual(tables[name].columns.map(asGlue));
    expect(PartitionKeys).toEqual([asGlue(partitionColumn)]);
  });

  test.each(tableNames)("finds the days of %s at the keys that the job writes", (name) => {
    const { Parameters, StorageDescriptor } = tableOf(name);
    const folder = flat(Parameters["storage.location.template"]);
    const object = `s3://${derived}/${derivedKeys.table(name, "2026-11-04")}`;

    expect(flat(StorageDescriptor.Location)).toBe(`s3://${derived}/${derivedKeys.tablePrefix(name)}`);
    expect(folder).toMatch(/\/$/);
    expect(object.slice(0, object.lastIndexOf("/") + 1)).toBe(
      folder.replaceAll(`$\{${partitionColumn.name}}`, "2026-11-04"),
    );
  });

  test("computes the days itself: from 400 days before the archive begins until tomorrow, because NOW is UTC", () => {
    for (const { Parameters } of known) {
      expect(Parameters).toMatchObject({
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.range": `${addDays(settings.archiveFrom, -400)},NOW+1DAYS`,
        "projection.day.interval": "1",
        "projection.day.interval.unit": "DAYS",
      });
    }
    template.resourceCountIs("AWS::Glue::Crawler", 0);
  });

  test("gets no comment longer than Glue accepts", () => {
    for (const { about, columns } of Object.values<Table>(tables)) {
      expect(about.length).toBeLessThanOrEqual(2048);
      for (const column of columns) expect(column.about.length, column.name).toBeLessThanOrEqual(255);
    }
  });
});

describe("the workgroup", () => {
  test("stores results encrypted and with an expiry, whatever a user's own settings say", () => {
    expect(configurationOf()).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      ResultConfiguration: {
        OutputLocation: { "Fn::Join": ["", ["s3://", { Ref: responses }, "/"]] },
        ExpectedBucketOwner: { Ref: "AWS::AccountId" },
        EncryptionConfiguration: { EncryptionOption: "SSE_S3" },
      },
    });
  });

  test("encrypts results with the key that the settings name", () => {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

    expect(configurationOf({ settings: { kmsKeyArn } })).toMatchObject({
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: "SSE_KMS", KmsKey: kmsKeyArn } },
    });
  });

  test.each([
    [undefined, 100_000_000_000],
    [0.01, 10_000_000],
    [2.3, 2_300_000_000],
  ])("with a limit of %s GB stops a query at %d bytes", (athenaScanLimitGb, bytes) => {
    expect(configurationOf({ settings: { jobs: ["build-tables"], athenaScanLimitGb } })).toMatchObject({
      BytesScannedCutoffPerQuery: bytes,
    });
  });

  test("has the stack's name, so that two stacks can exist side by side, and is deleted with the stack", () => {
    expect(resourceOf(template, "AWS::Athena::WorkGroup").Properties).toMatchObject({
      Name: "nightshift-test",
      RecursiveDeleteOption: true,
    });
  });
});

describe("a saved query", () => {
  const saved = resourcesOf(template, "AWS::Athena::NamedQuery");

  test("is made of every file, for this workgroup and this database", () => {
    const files = readdirSync(queries).map((file) => file.replace(/\.sql$/, ""));
    const workgroup = resourceOf(template, "AWS::Athena::WorkGroup").id;

    expect(files).not.toEqual([]);
    expect(saved.map(({ Properties }) => Properties.Name).toSorted()).toEqual(files.toSorted());
    for (const { Properties } of saved) {
      expect(Properties).toMatchObject({ Database: "nightshift_test", WorkGroup: { Ref: workgroup } });
    }
  });

  test("describes its result, within Athena's limits", () => {
    for (const { Properties } of saved) {
      expect(Properties.Description, String(Properties.Name)).toMatch(/^[A-Z].{10,1000}$/);
      expect(Buffer.byteLength(String(Properties.QueryString))).toBeLessThan(262_144);
    }
  });

  test("has its file's name, the comment at the start of the file, and all of its text", () => {
    const folder = temporaryFolder("queries");
    const commented = "-- What people\n-- ask most.\n-- \nSELECT 1 -- a day\n-- not described\n";
    writeFileSync(join(folder, "most-asked.sql"), commented);
    writeFileSync(join(folder, "bare.sql"), "SELECT 2\n");
    writeFileSync(join(folder, "notes.md"), "-- not a query\n");
    mkdirSync(join(folder, "old"));

    expect(readNamedQueries(folder)).toEqual([
      { name: "bare", description: "", sql: "SELECT 2\n" },
      { name: "most-asked", description: "What people ask most.", sql: commented },
    ]);
  });
});

describe("a deployment without tables", () => {
  test("has no resource of Athena", () => {
    const without = templateOf({ settings: { jobs: ["archive-calls", "collect-analytics"] } });

    for (const type of ["Glue::Database", "Glue::Table", "Athena::WorkGroup", "Athena::NamedQuery"])
      without.resourceCountIs(`AWS::${type}`, 0);
    expect(resourcesOf(without, "AWS::S3::Bucket").filter(({ id }) => id.startsWith("BucketsQueryResults"))).toEqual(
      [],
    );
    expect(Object.keys(without.findOutputs("*")).filter((id) => id.startsWith("Athena"))).toEqual([]);
  });
});

function tableOf(name: TableName): GlueTable {
  const found = known.find(({ Name }) => Name === name);
  if (!found) throw new Error(`Athena does not know ${name}`);
  return found;
}

function configurationOf(options?: StackOptions): unknown {
  return resourceOf(templateOf(options), "AWS::Athena::WorkGroup").Properties.WorkGroupConfiguration;
}
