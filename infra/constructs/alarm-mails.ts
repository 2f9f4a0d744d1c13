import { Stack, Token } from "aws-cdk-lib";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { MetricDimension, MetricName, metricsNamespace } from "../../shared/contract.ts";
import type { JobAlarm } from "../../shared/job-deployment.ts";
import { SettingsError } from "../settings-error.ts";
import { readEvents } from "./aws-commands.ts";
import { maxLengthOf } from "./max-length-of.ts";

export interface AlarmMailOptions {
  /** URL of the operations handbook (docs/operations.md). */
  readonly handbook: string;
  readonly logGroups: readonly LogGroup[];
  readonly jobAlarms: readonly LoggedAlarm[];
  readonly startRunLog: LogGroup;
  readonly failedStarts: Queue;
  readonly secretId: string;
  /** A job that reads the credential; undefined if none does. */
  readonly credentialReader: string | undefined;
}

/** A job's alarm, with the log of that job. */
export interface LoggedAlarm {
  readonly job: string;
  readonly alarm: JobAlarm;
  readonly logGroup: LogGroup;
}

interface Advice {
  /** Command that shows what happened. */
  readonly look: string;
  /** What to do first. */
  readonly first: string;
}

/**
 * Maximum length of an alarm's description.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const maxMailLength = 1_024;
/** Seven days, because e-mails are read late: after a weekend or a holiday. */
const lookBackMs = 7 * 24 * 3_600_000;

/**
 * Returns a function that writes an alarm's e-mail: its meaning, a command that shows details, the first action and the
 * handbook's URL. That function throws SettingsError when the e-mail is too long.
 */
export function createAlarmMails(scope: Construct, options: AlarmMailOptions) {
  const advice = adviceOf(scope, options);
  return (name: string, meaning: string): string => {
    const { look, first } = advice[name] ?? noAdvice(name);
    const mail = `${meaning}\nLook: ${look}\nFirst: ${first}\nRead: ${options.handbook}#${name}`;
    const length = maxLengthOf(Stack.of(scope), mail);
    if (length > maxMailLength)
      throw new SettingsError(
        `The e-mail of alarm ${name} may have ${length} characters, but CloudWatch allows ${maxMailLength}: shorten ${settingsIn(mail, options)}`,
      );
    return mail;
  };
}

function noAdvice(name: string): never {
  throw new Error(`The alarm ${name} has no advice`);
}

/** Lists the settings that an operator can shorten to shorten the e-mail. */
function settingsIn(mail: string, { handbook, secretId }: AlarmMailOptions): string {
  const hasSecretName = !Token.isUnresolved(secretId) && mail.includes(secretId);
  return [
    "the name of the settings file",
    ...(handbook.startsWith("https:") ? ["handbookUrl"] : []),
    ...(hasSecretName ? ["credentialSecretName"] : []),
  ].join(" or ");
}

function adviceOf(scope: Construct, options: AlarmMailOptions): Readonly<Record<string, Advice>> {
  const { region, stackName } = Stack.of(scope);
  const { logGroups, jobAlarms, startRunLog, failedStarts, secretId, credentialReader } = options;
  const each = (command: string) =>
    `for log in ${logGroups.map(({ logGroupName }) => logGroupName).join(" ")}; do ${command}; done`;
  const linesIn = (log: string, pattern: string) =>
    `aws logs filter-log-events --region ${region} --log-group-name ${log} ` +
    `--start-time $(($(date +%s)*1000-${lookBackMs})) --filter-pattern '${pattern}' --query 'events[].[message]' --output text`;
  return {
    "run-failed": {
      look: each(linesIn("$log", '{ $.message = "run failed" }')),
      first:
        "follow facts.hint of the newest line, then start a run manually. If there is no line, see the outputs that begin with Runs and FailedRunEvents.",
    },
    "did-not-run": {
      look: each(`echo $log; aws logs tail --region ${region} --since 26h $log | tail -n 1`),
      first: "manually start the job whose log is empty, then check its schedule.",
    },
    "start-failed": {
      look: `${readEvents(region, failedStarts)}; aws logs tail --region ${region} --since 1d ${startRunLog.logGroupName}`,
      first: "manually start the job that the event names.",
    },
    ...Object.fromEntries(
      jobAlarms.map(({ logGroup, alarm: { name, lines, first } }) => [
        name,
        { look: linesIn(logGroup.logGroupName, lines), first },
      ]),
    ),
    "credential-expiring": {
      look:
        `aws cloudwatch get-metric-statistics --region ${region} --namespace ${metricsNamespace} ` +
        `--metric-name ${MetricName.credentialDaysLeft} --dimensions Name=${MetricDimension.stack},Value=${stackName} Name=${MetricDimension.job},Value=${credentialReader} --start-time $(($(date +%s)-${lookBackMs / 1000})) --end-time $(date +%s) ` +
        "--period 3600 --statistics Minimum --query 'sort_by(Datapoints,&Timestamp)[].[Timestamp,Minimum]' --output text",
      first: `create a new JWT in RingCentral's Developer Console, write rc.json with clientId, clientSecret and jwt, and store it: aws secretsmanager put-secret-value --region ${region} --secret-id ${secretId} --secret-string file://rc.json`,
    },
  };
}
