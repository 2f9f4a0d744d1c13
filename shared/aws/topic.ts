import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { awsTimeouts } from "../aws-timeouts.ts";
import { JobError } from "../errors.ts";
import { statusOf } from "./storage-error.ts";

/** A message: `subject` has fewer than 100 ASCII characters. */
export interface Message {
  readonly subject: string;
  readonly text: string;
}

/** An SNS topic. `publish` may send a message twice. @throws NOTIFY_FAILED */
export interface Topic {
  readonly arn: string;
  readonly publish: (message: Message) => Promise<void>;
}

/** Opens a topic. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function createTopic(client: SNSClient, arn: string): Topic {
  return {
    arn,
    publish: async ({ subject, text }) => {
      try {
        await client.send(new PublishCommand({ TopicArn: arn, Subject: subject, Message: text }));
      } catch (error) {
        throw notifyError(arn, error);
      }
    },
  };
}

/** Creates the SNS client too, so that only functions that notify load this module and the client. */
export function createSnsTopic(arn: string): Topic {
  return createTopic(new SNSClient({ requestHandler: awsTimeouts }), arn);
}

function notifyError(arn: string, cause: unknown): JobError {
  const status = statusOf(cause);
  const { name = "unknown" } = (cause ?? {}) as { readonly name?: string };
  return new JobError("NOTIFY_FAILED", `Publishing to ${arn} returned ${[status, name].filter(Boolean).join(" ")}`, {
    cause,
    retryable: status === undefined || status >= 500 || status === 429,
    details: { status, name },
    hint: "Check that the topic in notify.morningNote exists, and that its policy and its KMS key allow the function's role to publish. Nothing else of the run failed.",
  });
}
