import { Duration, Stack } from "aws-cdk-lib";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  SingleValueWidget,
  Stats,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { MetricName } from "../../shared/contract.ts";
import type { JobGraph } from "../../shared/job-deployment.ts";
import type { Job } from "./job.ts";
import { jobMetric } from "./job-metric.ts";

export interface DashboardProps {
  /** The deployed jobs by name. */
  readonly jobs: Readonly<Record<string, Job>>;
  readonly alarms: readonly Alarm[];
  /** URL of the operations handbook (docs/operations.md). */
  readonly handbook: string;
}

const fullWidth = 24;
const half = { width: fullWidth / 2, height: 6 };
const period = Duration.days(1);

/** One page in CloudWatch: the sentence of `status`, the alarms, each job's numbers, and the last failures. */
export class Dashboard extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { jobs, alarms, handbook }: DashboardProps) {
    super(scope, id);
    const { stackName, region } = Stack.of(this);
    this.url = `https://console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${stackName}`;
    const rows: IWidget[][] = [
      [headline(stackName, handbook)],
      ...sentence(jobs),
      [new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: fullWidth, height: 5 })],
      ...Object.entries(jobs).flatMap(([job, { deployment }]) => this.jobRow(job, deployment.graphs ?? [])),
      [this.runs("Runs that finished", Object.keys(jobs), MetricName.runsFinished), this.requests(jobs)],
      [failures(jobs)],
    ];
    new CloudWatchDashboard(this, "Dashboard", {
      dashboardName: stackName,
      defaultInterval: Duration.days(30),
      widgets: rows,
    });
  }

  private jobRow(job: string, graphs: readonly JobGraph[]): IWidget[][] {
    const widgets = graphs.map(({ title, sums = [], gauges = [], isNumbers = false }) => {
      const metrics = [
        ...sums.map((name) => this.metric(job, name, Stats.SUM)),
        ...gauges.map((name) => this.metric(job, name, Stats.MAXIMUM)),
      ];
      return isNumbers
        ? new SingleValueWidget({ title, metrics, width: fullWidth, height: 4, period, setPeriodToTimeRange: false })
        : new GraphWidget({ title, left: metrics, ...half });
    });
    return widgets.length > 0 ? [widgets] : [];
  }

  private runs(title: string, jobs: readonly string[], name: string): IWidget {
    const left = jobs.map((job) => this.metric(job, name, Stats.SUM, job));
    return new GraphWidget({ title, left, ...half });
  }

  /** Jobs that send RingCentral requests. */
  private requests(jobs: Readonly<Record<string, Job>>): IWidget {
    const names = [MetricName.apiRequests, MetricName.rateLimited, MetricName.tokenExchanges];
    const senders = Object.keys(jobs).filter((job) => (jobs[job]?.deployment.scopes.length ?? 0) > 0);
    const left = senders.flatMap((job) => names.map((name) => this.metric(job, name, Stats.SUM, `${job} ${name}`)));
    return new GraphWidget({ title: "Requests to RingCentral", left, ...half });
  }

  private metric(job: string, name: string, statistic: string, label = name): IMetric {
    return jobMetric(this, job, name, { statistic, period, label });
  }
}

function headline(stackName: string, handbook: string): IWidget {
  const read = handbook.startsWith("https:") ? `[The handbook](${handbook})` : `The handbook is ${handbook}.`;
  const command = `npx nightshift status --stack ${stackName.replace(/^nightshift-/, "")}`;
  return new TextWidget({ markdown: `# ${stackName}\n${read} Now: \`${command}\``, width: fullWidth, height: 2 });
}

/** The sentence of the last morning, as `report-status` has logged it. */
function sentence({ "report-status": reporter }: DashboardProps["jobs"]): IWidget[][] {
  if (!reporter) return [];
  const widget = new LogQueryWidget({
    title: "In the morning",
    logGroupNames: [reporter.logGroup.logGroupName],
    view: LogQueryVisualizationType.TABLE,
    queryLines: ["fields @timestamp, facts.sentence", 'filter message = "status"', "sort @timestamp desc", "limit 3"],
    ...{ width: fullWidth, height: 4 },
  });
  return [[widget]];
}

function failures(jobs: DashboardProps["jobs"]): IWidget {
  return new LogQueryWidget({
    title: "Runs that failed, and what to do",
    logGroupNames: Object.values(jobs).map(({ logGroup }) => logGroup.logGroupName),
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      "fields @timestamp, service, facts.code, facts.hint",
      'filter message = "run failed"',
      "sort @timestamp desc",
      "limit 20",
    ],
    ...{ width: fullWidth, height: 6 },
  });
}
