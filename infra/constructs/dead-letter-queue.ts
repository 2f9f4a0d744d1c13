import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";

/** A queue in which AWS keeps, for a person, what it gave up on. */
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
    "This queue is a dead-letter queue; a person reads it, nothing processes it.",
  );
  return queue;
}

/** How many events have come in: unlike the number that lie there, it rings again for the next one. */
export function deadLetterCount(queue: Queue): IMetric {
  return queue.metricNumberOfMessagesSent({ statistic: "Sum" });
}
