import { Stack } from "aws-cdk-lib";
import { CfnNamedQuery, CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { NamedQuery } from "../named-queries.ts";

export interface QueryWorkgroupProps {
  /** What the saved queries ask. */
  readonly databaseName: string;
  /** Where answers are put, whatever a person's own settings say. */
  readonly results: IBucket;
  /** Key that answers are encrypted with; without it S3's own. */
  readonly key: IKey | undefined;
  /** So many gigabytes one query may read. */
  readonly scanLimitGb: number;
  /** Saved for everybody. */
  readonly queries: readonly NamedQuery[];
}

const bytesPerGb = 1_000_000_000;

/** Where people ask their questions with Athena: by its rules on cost and on where answers go, and with questions to begin with. */
export class QueryWorkgroup extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { databaseName, results, key, scanLimitGb, queries }: QueryWorkgroupProps) {
    super(scope, id);
    const { stackName: name, account } = Stack.of(this);
    this.name = name;
    const workgroup = new CfnWorkGroup(this, "Workgroup", {
      // A workgroup has no name but its own; no two stacks of an account and region share theirs.
      name,
      description: "Nightshift: questions to calls, recordings and analytics",
      // Else the queries that people have run and saved would keep the stack from being removed.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: Math.round(scanLimitGb * bytesPerGb),
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/`,
          expectedBucketOwner: account,
          encryptionConfiguration: key
            ? { encryptionOption: "SSE_KMS", kmsKey: key.keyArn }
            : { encryptionOption: "SSE_S3" },
        },
      },
    });
    for (const query of queries) {
      const { name, description, sql: queryString } = query;
      new CfnNamedQuery(this, name, {
        name,
        description,
        queryString,
        database: databaseName,
        workGroup: workgroup.ref,
      });
    }
  }
}
