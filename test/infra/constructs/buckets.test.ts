import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { StatePrefix } from "../../../shared/contract.ts";
import { flat, resourceOf, resourcesOf, statementsOf } from "../../support/infra/resources.ts";
import { templateOf } from "../../support/infra/stack.ts";

const template = templateOf();
const type = "AWS::S3::Bucket";
const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

interface Rule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NewerNoncurrentVersions?: number };
}
const rulesOf = (id: string) =>
  (resourceOf(template, type, id).Properties.LifecycleConfiguration as { readonly Rules: readonly Rule[] }).Rules;

describe("every bucket", () => {
  test("refuses what does not come over TLS", () => {
    for (const { id } of resourcesOf(template, type)) {
      template.hasResourceProperties("AWS::S3::BucketPolicy", {
        Bucket: { Ref: id },
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: "Deny",
              Action: "s3:*",
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
          ]),
        },
      });
    }
  });

  test("takes no TLS below 1.2", () => {
    const policies = resourcesOf(template, "AWS::S3::BucketPolicy");

    expect(policies).toHaveLength(resourcesOf(template, type).length);
    for (const { Properties } of policies) {
      expect(statementsOf(Properties.PolicyDocument)).toContainEqual(
        expect.objectContaining({
          ...{ Effect: "Deny", Principal: { AWS: "*" }, Action: "s3:*" },
          Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } },
        }),
      );
    }
  });

  test("is closed to the public and knows no ACLs", () => {
    const blocked = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };

    template.allResourcesProperties(type, {
      PublicAccessBlockConfiguration: blocked,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    });
  });

  test("allows nobody outside but S3's own log writer", () => {
    for (const { Properties } of resourcesOf(template, "AWS::S3::BucketPolicy")) {
      const allows = statementsOf(Properties.PolicyDocument).filter(({ Effect }) => Effect === "Allow");
      for (const allow of allows) expect(allow).toMatchObject({ Principal: { Service: "logging.s3.amazonaws.com" } });
    }
  });

  test("stays when the stack goes, but not what a failed deployment has just made, and gives up uploads that nobody ends", () => {
    template.allResources(type, { DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
    template.allResourcesProperties(type, {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } })]),
      },
    });
  });

  test("has a name of CloudFormation's making", () => {
    for (const { Properties } of resourcesOf(template, type)) expect(Properties.BucketName).toBeUndefined();
  });
});

describe("the archive", () => {
  test("keeps versions and is never expired", () => {
    expect(resourceOf(template, type, "BucketsArchive").Properties.VersioningConfiguration).toEqual({
      Status: "Enabled",
    });
    expect(rulesOf("BucketsArchive").filter(({ ExpirationInDays }) => ExpirationInDays !== undefined)).toEqual([]);
  });

  test("lets old versions go of what is written anew only, and never the newest of them, so that a deletion can be undone", () => {
    const rules = rulesOf("BucketsArchive").filter((rule) => rule.NoncurrentVersionExpiration);

    expect(rules.map(({ Prefix, NoncurrentVersionExpiration }) => [Prefix, NoncurrentVersionExpiration])).toEqual([
      ["calls/", { NoncurrentDays: 90, NewerNoncurrentVersions: 5 }],
      ["analytics/responses/", { NoncurrentDays: 90, NewerNoncurrentVersions: 5 }],
    ]);
  });

  test("writes down who has used it, and so do all buckets but that of these notes", () => {
    for (const id of ["BucketsArchive", "BucketsState", "BucketsDerived", "BucketsQueryResults"]) {
      const logging = resourceOf(template, type, id).Properties.LoggingConfiguration as {
        readonly DestinationBucketName: unknown;
      };
      expect(flat(logging.DestinationBucketName)).toContain("BucketsAccessLogs");
    }
  });

  test("has no Object Lock unless the settings ask for it", () => {
    template.resourcePropertiesCountIs(type, { ObjectLockEnabled: Match.anyValue() }, 0);
  });

  test.each(["governance", "compliance"] as const)(
    "locks every version by %s for as many days as the settings say",
    (mode) => {
      const locked = templateOf({ settings: { objectLock: { mode, days: 400 } } });

      const { Properties } = resourceOf(locked, type, "BucketsArchive");
      expect(Properties.ObjectLockEnabled).toBe(true);
      expect(Properties.ObjectLockConfiguration).toMatchObject({
        Rule: { DefaultRetention: { Mode: mode.toUpperCase(), Days: 400 } },
      });
      expect(resourceOf(locked, type, "BucketsState").Properties.ObjectLockEnabled).toBeUndefined();
    },
  );
});

describe("the state", () => {
  test("keeps no versions, which would outlive what expires", () => {
    expect(resourceOf(template, type, "BucketsState").Properties.VersioningConfiguration).toBeUndefined();
  });

  test("expires after 30 days, but for tokens, owners, accounts and what runs have written or built", () => {
    const expiring = rulesOf("BucketsState").flatMap(({ Prefix, ExpirationInDays }) =>
      ExpirationInDays ? [[Prefix, ExpirationInDays]] : [],
    );

    const { listings, plans, events, analyticsQueries, analyticsEvents } = StatePrefix;
    expect(expiring).toEqual(
      [listings, plans, events, analyticsQueries, analyticsEvents].map((prefix) => [prefix, 30]),
    );
  });
});

describe("what is derived", () => {
  test.each(["governance", "compliance"] as const)("has no lock and no versions where %s locks the archive", (mode) => {
    const locked = templateOf({ settings: { objectLock: { mode, days: 400 } } });

    const { Properties } = resourceOf(locked, type, "BucketsDerived");
    for (const name of ["ObjectLockEnabled", "ObjectLockConfiguration", "VersioningConfiguration"])
      expect(Properties[name], name).toBeUndefined();
  });

  test("does not expire: a day that never changes is never built again", () => {
    expect(rulesOf("BucketsDerived")).toEqual([expect.objectContaining({ Id: "abort-incomplete-uploads" })]);
  });
});

describe("the answers to people's questions", () => {
  test("expire after 30 days, for they can be asked for again", () => {
    expect(
      rulesOf("BucketsQueryResults").flatMap(({ Prefix, ExpirationInDays }) =>
        ExpirationInDays ? [[Prefix, ExpirationInDays]] : [],
      ),
    ).toEqual([[undefined, 30]]);
  });
});

describe("encryption", () => {
  test("is S3's own unless the settings name a key", () => {
    template.allResourcesProperties(type, {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    });
  });

  test("is by the key that the settings name, for all but the access logs, and for the credential", () => {
    const encrypted = templateOf({ settings: { kmsKeyArn } });

    for (const id of ["BucketsArchive", "BucketsState", "BucketsDerived", "BucketsQueryResults"]) {
      expect(resourceOf(encrypted, type, id).Properties.BucketEncryption).toMatchObject({
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: kmsKeyArn },
          },
        ],
      });
    }
    encrypted.hasResourceProperties("AWS::SecretsManager::Secret", { KmsKeyId: kmsKeyArn });
  });
});
