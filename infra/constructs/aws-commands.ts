import { Stack } from "aws-cdk-lib";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { MetricDimension, metricsNamespace } from "../../shared/contract.ts";

/** Seven days in seconds: e-mails are read late, after a weekend or a holiday. */
const lookBackSeconds = 7 * 24 * 3_600;

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

/** AWS CLI command that shows the last lines of a log. */
export function tailLog(region: string, { logGroupName }: ILogGroup, since = "1d"): string {
  return `aws logs tail --region ${region} ${logGroupName} --since ${since}`;
}

/** AWS CLI command that shows the lines of a log that match a filter pattern, of the last week. */
export function filterLog(region: string, { logGroupName }: ILogGroup, pattern: string): string {
  return (
    `aws logs filter-log-events --region ${region} --log-group-name ${logGroupName} ` +
    `--start-time $(($(date +%s)*1000-${lookBackSeconds * 1_000})) --filter-pattern '${pattern}' --query 'events[].[message]' --output text`
  );
}

/** AWS CLI command that shows the least value of a job's metric in each hour of the last week. */
export function metricMinima(scope: Construct, job: string, metric: string): string {
  const { region, stackName } = Stack.of(scope);
  return (
    `aws cloudwatch get-metric-statistics --region ${region} --namespace ${metricsNamespace} ` +
    `--metric-name ${metric} --dimensions Name=${MetricDimension.stack},Value=${stackName} Name=${MetricDimension.job},Value=${job} --start-time $(($(date +%s)-${lookBackSeconds})) --end-time $(date +%s) ` +
    "--period 3600 --statistics Minimum --query 'sort_by(Datapoints,&Timestamp)[].[Timestamp,Minimum]' --output text"
  );
}
