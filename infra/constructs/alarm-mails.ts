import { Stack, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { withoutMarks } from "../../shared/core/code-marks.ts";
import { SettingsError } from "../settings-error.ts";
import { maxLengthOf } from "./max-length-of.ts";

export interface AlarmMailOptions {
  /** URL of the operations handbook (docs/operations.md). */
  readonly handbook: string;
  readonly secretId: string;
}

/** What an alarm's e-mail says. */
export interface AlarmMail {
  /** The alarm's chapter in the handbook. */
  readonly chapter: string;
  readonly meaning: string;
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

/**
 * Writes an alarm's e-mail: its meaning, a command that shows details, the first action and the handbook's URL.
 * @throws SettingsError when the e-mail is too long
 */
export function alarmMail(scope: Construct, { chapter, meaning, look, first }: AlarmMail, options: AlarmMailOptions) {
  const named = withoutMarks(first).replaceAll("<name>", Stack.of(scope).stackName);
  const mail = `${meaning}\nLook: ${look}\nFirst: ${named}\nRead: ${options.handbook}#${chapter}`;
  const length = maxLengthOf(Stack.of(scope), mail);
  if (length <= maxMailLength) return mail;
  throw new SettingsError(
    `The e-mail of alarm ${chapter} may have ${length} characters, but CloudWatch allows ${maxMailLength}: shorten ${settingsIn(mail, options)}`,
  );
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
