/** Why a user's request was lost. */
export type LossReason =
  /** Answered with a 5xx. */
  | 'failed'
  /** No answer within the users' patience. */
  | 'late'
  /** Nothing accepted the connection, or no pod was ready. */
  | 'refused'
  /** The connection ended before the answer did. */
  | 'broken'
  /** Refused or broken by a pod that was being ended. */
  | 'terminating';

/** Lost requests by reason; a reason without any may be left out. */
export type Losses = Readonly<Partial<Record<LossReason, number>>>;

const WORDS: Readonly<Record<LossReason, string>> = {
  failed: 'to failing answers (5xx)',
  late: 'without an answer in 15 s',
  refused: 'to refused connections, or while no pod was ready',
  broken: 'to connections that broke off',
  terminating: 'to pods that were ending',
};

const REMEDY =
  'A pod that is ending loses no request if it drains: on SIGTERM the app goes on answering for some seconds, then exits. For an app that cannot, set `lifecycle.preStop.sleep.seconds: 5` in its container.';

/** Text of the losses, the most frequent first: `1596 to failing answers (5xx), 4 to pods that were ending`; empty for none. */
export function describeLosses(losses: Losses): string {
  return (Object.entries(losses) as [LossReason, number][])
    .filter(([, count]) => count > 0)
    .sort(([, left], [, right]) => right - left)
    .map(([reason, count]) => `${count} ${WORDS[reason]}`)
    .join(', ');
}

/** Lines of advice on the losses that the app or its manifest can prevent. */
export function remediesOf({ terminating = 0 }: Losses): readonly string[] {
  return terminating === 0 ? [] : [REMEDY];
}

/** Adds `count` requests to `losses`, which it modifies. */
export function addLoss(losses: Partial<Record<LossReason, number>>, reason: LossReason, count = 1): void {
  losses[reason] = (losses[reason] ?? 0) + count;
}
