import { Stack } from "aws-cdk-lib";
import { CfnDatabase, CfnTable } from "aws-cdk-lib/aws-glue";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { ArchivePrefix } from "../../shared/contract.ts";
import { type Column, partitionColumn, type Table, tables } from "../../shared/core/tables/table-schema.ts";
import { addDays, type Day, maxLookBackDays } from "../../shared/core/time/days.ts";

export interface TablesProps {
  /** Where the tables lie, under `tables/`. */
  readonly archive: IBucket;
  /** The first day of call logs. */
  readonly archiveFrom: Day;
}

/** Hadoop's names for Parquet (Athena user guide: Parquet SerDe). */
const parquet = {
  inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
  serdeInfo: {
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    parameters: { "serialization.format": "1" },
  },
} as const;

/** Tells Athena of the tables in the archive: Athena reckons from a query's days where to look, so that nothing has to crawl. */
export class Tables extends Construct {
  /** What a query calls the database; Athena knows no hyphens in names. */
  readonly databaseName: string;

  constructor(scope: Construct, id: string, { archive, archiveFrom }: TablesProps) {
    super(scope, id);
    const { account: catalogId, stackName } = Stack.of(this);
    this.databaseName = stackName.toLowerCase().replaceAll("-", "_");
    const database = new CfnDatabase(this, "Database", {
      catalogId,
      databaseInput: { name: this.databaseName, description: "Nightshift: calls, recordings and analytics, by day" },
    });
    for (const [name, table] of Object.entries<Table>(tables)) {
      const location = `s3://${archive.bucketName}/${ArchivePrefix.tables}${name}/`;
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

/** Which days there are and where each lies (Athena user guide: partition projection). NOW is UTC: by some clocks it is tomorrow already. */
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
