import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

/** Creates a queue for events that AWS could not deliver. They are kept for 14 days, for an operator. */
export function createDeadLetterQueue(scope: Construct, id: string): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(
    queue,
    "AwsSolutions-SQS3",
    "This queue is a dead-letter queue; an operator reads it, nothing processes it.",
  );
  return queue;
}

/** Number of events received. Unlike the number of events stored, it raises the alarm again for each new event. */
export function deadLetterCount(queue: Queue): IMetric {
  return queue.metricNumberOfMessagesSent({ statistic: "Sum" });
}
