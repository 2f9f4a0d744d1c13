import { ArnFormat, RemovalPolicy, Stack } from "aws-cdk-lib";
import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

export interface CredentialProps {
  /** Name of an existing secret. @default a new, empty secret */
  readonly existingName: string | undefined;
  /** Key that encrypts the secret. */
  readonly key: IKey | undefined;
}

/** The secret with the service user's credential. */
export class Credential extends Construct {
  /** Name or ARN, for the functions and `aws secretsmanager`. */
  readonly secretId: string;
  /** True if an operator must still store the credential. */
  readonly isEmpty: boolean;
  private readonly arn: string;

  constructor(scope: Construct, id: string, { existingName, key }: CredentialProps) {
    super(scope, id);
    this.isEmpty = existingName === undefined;
    if (existingName === undefined) {
      this.arn = this.createEmpty(key);
      this.secretId = this.arn;
    } else {
      // Secrets Manager adds a hyphen and six random characters to the name.
      const resourceName = `${existingName}-??????`;
      this.arn = Stack.of(this).formatArn({
        service: "secretsmanager",
        resource: "secret",
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      this.secretId = existingName;
    }
  }

  /** Grants `role` only `GetSecretValue` of this secret. */
  grantRead(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [this.arn] }),
    );
  }

  /** Creates the secret without a value. The construct `Secret` would generate one. */
  private createEmpty(key: IKey | undefined): string {
    const secret = new CfnSecret(this, "Secret", {
      description: "RingCentral service user: { clientId, clientSecret, jwt }",
      kmsKeyId: key?.keyArn,
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    acknowledge(
      secret,
      "AwsSolutions-SMG4",
      "An operator creates RingCentral's JWT in the Developer Console; docs/operations.md describes how to replace it.",
    );
    return secret.ref;
  }
}
