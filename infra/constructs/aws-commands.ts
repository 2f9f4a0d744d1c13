import type { IQueue } from "aws-cdk-lib/aws-sqs";

/** Shows the events that a queue keeps, and leaves them there; without a wait SQS may show none (ReceiveMessage). */
export function readEvents(region: string, { queueUrl }: IQueue): string {
  return (
    `aws sqs receive-message --region ${region} --queue-url ${queueUrl} ` +
    "--max-number-of-messages 10 --wait-time-seconds 20 --visibility-timeout 0 --message-attribute-names All"
  );
}
