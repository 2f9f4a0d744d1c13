import type { IQueue } from "aws-cdk-lib/aws-sqs";

/**
 * AWS CLI command that shows a queue's events without removing them. Without a wait SQS may return none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export function readEvents(region: string, { queueUrl }: IQueue): string {
  return (
    `aws sqs receive-message --region ${region} --queue-url ${queueUrl} ` +
    "--max-number-of-messages 10 --wait-time-seconds 20 --visibility-timeout 0 --message-attribute-names All"
  );
}
