import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { type Resource, referencesIn } from "../support/infra/resources.ts";
import { templateOf } from "../support/infra/stack.ts";

const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const signingKeyArn = kmsKeyArn.replace("11111111", "22222222");
const handbook = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operations.md"), "utf8");

interface Typed extends Resource {
  readonly Type: string;
}
const allOf = (template: Template): readonly Typed[] =>
  Object.entries(template.toJSON().Resources as Readonly<Record<string, Typed>>).map(([id, resource]) => ({
    ...resource,
    id,
  }));
const isRetained = ({ DeletionPolicy = "Delete" }: Resource) => DeletionPolicy !== "Delete";
/** A version goes with its function, whatever its policy. */
const isTakenOver = (resource: Typed) => isRetained(resource) && resource.Type !== "AWS::Lambda::Version";

const template = templateOf({
  settings: { kmsKeyArn, signingKeyArn, objectLock: { mode: "compliance", days: 30 } },
});
const takenOver = allOf(template).filter(isTakenOver);

describe("a retained resource", () => {
  test("is deleted with a failed first deployment, and stays when it is replaced", () => {
    const retained = allOf(template).filter(isRetained);

    expect(new Set(retained.map(({ Type }) => Type))).toEqual(
      new Set(["AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::Lambda::Version"]),
    );
    for (const { id, DeletionPolicy, UpdateReplacePolicy } of retained)
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, "RetainExceptOnCreate", "Retain"]);
  });
});

describe("an archive is taken over", () => {
  test("by the mapping in the handbook, which lists all retained resources", () => {
    const [, mapping = ""] = /`import\.json`.*?```json\n(.*?)```/s.exec(handbook) ?? [];

    const identifier = (type: string) => (type === "AWS::S3::Bucket" ? "BucketName" : "Id");
    expect(Object.entries(JSON.parse(mapping)).map(([id, by]) => [id, Object.keys(Object(by))])).toEqual(
      takenOver.map(({ id, Type }) => [id, [identifier(Type)]]),
    );
  });

  test("without references to anything that an import leaves out", () => {
    const ids = takenOver.map(({ id }) => id);

    const known = [...ids, "AWS::Region", "AWS::AccountId", "AWS::Partition"];
    const referred = takenOver.flatMap(referencesIn);
    expect(referred).toContain(ids.find((id) => id.startsWith("BucketsAccessLogs")));
    expect(referred.filter((id) => !known.includes(id))).toEqual([]);
  });

  test("under any name of the settings file", () => {
    const renamed = allOf(
      templateOf({ name: "nightshift-renamed", settings: { jobs: ["build-tables", "check-access"] } }),
    ).filter(isTakenOver);

    expect(renamed.map(({ id }) => id)).toEqual(takenOver.map(({ id }) => id));
  });
});
