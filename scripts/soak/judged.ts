/**
 * A shorter run shows memory and event loop and judges neither. Two cores with a load of 20, the worst machine tried: over the second half
 * of 3 minutes the heap of an app that keeps nothing rose by up to 1.5 MB a minute, over that of 4 by 0.4 at most.
 */
export const LEAST_JUDGED_SECONDS = 300;
