import { Stack } from "aws-cdk-lib";
import { CfnNamedQuery, CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { NamedQuery } from "../named-queries.ts";

export interface QueryWorkgroupProps {
  /** Database of the saved queries. */
  readonly databaseName: string;
  /** Bucket of query results. It overrides the settings of users. */
  readonly results: IBucket;
  /** Key that encrypts query results. @default S3's own keys */
  readonly key: IKey | undefined;
  /** Maximum gigabytes that one query may read. */
  readonly scanLimitGb: number;
  /** Saved queries, for all users of the workgroup. */
  readonly queries: readonly NamedQuery[];
}

const bytesPerGb = 1_000_000_000;

/** Athena workgroup that limits the cost of a query, decides where results are stored, and has saved queries. */
export class QueryWorkgroup extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { databaseName, results, key, scanLimitGb, queries }: QueryWorkgroupProps) {
    super(scope, id);
    const { stackName: name, account } = Stack.of(this);
    this.name = name;
    const workgroup = new CfnWorkGroup(this, "Workgroup", {
      // CloudFormation generates no workgroup names. The stack's name is unique in its AWS account and region.
      name,
      description: "Nightshift: queries of calls, recordings and analytics",
      // Otherwise queries that users have run or saved would prevent removal of the stack.
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
