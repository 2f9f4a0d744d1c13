import { Stack } from "aws-cdk-lib";
import { CfnDatabase, CfnTable } from "aws-cdk-lib/aws-glue";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { DerivedPrefix } from "../../shared/contract.ts";
import { type Column, partitionColumn, type Table, tables } from "../../shared/core/tables/table-schema.ts";
import { addDays, type Day, maxLookBackDays } from "../../shared/core/time/days.ts";

export interface TablesProps {
  /** Bucket of the tables, under `tables/`. */
  readonly derived: IBucket;
  /** The first day of the archive. */
  readonly archiveFrom: Day;
}

/** Class names of Parquet. https://docs.aws.amazon.com/athena/latest/ug/parquet-serde.html */
const parquet = {
  inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
  serdeInfo: {
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    parameters: { "serialization.format": "1" },
  },
} as const;

/** Defines the archive's tables for Athena. Athena computes partitions from the days of a query, so no crawler is needed. */
export class Tables extends Construct {
  /** Name in queries. Athena allows no hyphens. */
  readonly databaseName: string;

  constructor(scope: Construct, id: string, { derived, archiveFrom }: TablesProps) {
    super(scope, id);
    const { account: catalogId, stackName } = Stack.of(this);
    this.databaseName = stackName.toLowerCase().replaceAll("-", "_");
    const database = new CfnDatabase(this, "Database", {
      catalogId,
      databaseInput: { name: this.databaseName, description: "Nightshift: calls, recordings and analytics, by day" },
    });
    for (const [name, table] of Object.entries<Table>(tables)) {
      const location = `s3://${derived.bucketName}/${DerivedPrefix.tables}${name}/`;
      new CfnTable(this, name, {
        catalogId,
        databaseName: database.ref,
        tableInput: {
          name,
          description: table.about,
          tableType: "EXTERNAL_TABLE",
          parameters: { EXTERNAL: "TRUE", classification: "parquet", ...projection(location, archiveFrom) },
          partitionKeys: [asGlue(partitionColumn)],
          storageDescriptor: { ...parquet, location, columns: table.columns.map(asGlue) },
        },
      });
    }
  }
}

function asGlue({ name, type, about }: Column) {
  return { name, type, comment: about };
}

/**
 * Partition projection: the range of days and the location of each. `NOW` is UTC, while some time zones are a day ahead.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
function projection(location: string, archiveFrom: Day): Record<string, string> {
  const { name } = partitionColumn;
  return {
    "projection.enabled": "true",
    [`projection.${name}.type`]: "date",
    [`projection.${name}.format`]: "yyyy-MM-dd",
    [`projection.${name}.range`]: `${addDays(archiveFrom, -maxLookBackDays)},NOW+1DAYS`,
    [`projection.${name}.interval`]: "1",
    [`projection.${name}.interval.unit`]: "DAYS",
    "storage.location.template": `${location}${name}=$\{${name}}/`,
  };
}
