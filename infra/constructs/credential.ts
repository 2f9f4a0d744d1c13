import { ArnFormat, RemovalPolicy, Stack } from "aws-cdk-lib";
import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

export interface CredentialProps {
  /** Name of a secret that exists already; without it an empty one is made. */
  readonly existingName: string | undefined;
  /** Key that the secret is encrypted with. */
  readonly key: IKey | undefined;
}

/** The secret that holds the service user's credential. */
export class Credential extends Construct {
  /** What the functions and `aws secretsmanager` know the secret by. */
  readonly secretId: string;
  /** True where a person has yet to store the credential. */
  readonly isEmpty: boolean;
  private readonly arn: string;

  constructor(scope: Construct, id: string, { existingName, key }: CredentialProps) {
    super(scope, id);
    this.isEmpty = existingName === undefined;
    if (existingName === undefined) {
      this.arn = this.createEmpty(key);
      this.secretId = this.arn;
    } else {
      // Secrets Manager adds a hyphen and six characters of its own to the name.
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

  /** Lets `role` read the credential, and nothing else of the secret. */
  grantRead(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [this.arn] }),
    );
  }

  /** `Secret` would make up a value; nothing must stand there until a person has stored the credential. */
  private createEmpty(key: IKey | undefined): string {
    const secret = new CfnSecret(this, "Secret", {
      description: "RingCentral service user: { clientId, clientSecret, jwt }",
      kmsKeyId: key?.keyArn,
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    acknowledge(
      secret,
      "AwsSolutions-SMG4",
      "A JWT of RingCentral's is made by a person in the Developer Console; docs/operations.md tells how to change it.",
    );
    return secret.ref;
  }
}
