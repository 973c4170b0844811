/** Times as a phone in the county shows them: Asia/Shanghai, which has no summer time. */

const OFFSET_MS = 8 * 3600 * 1000;
const WEEKDAYS = "日一二三四五六";
const two = (number) => String(number).padStart(2, "0");

/** The instant's wall-clock parts in Shanghai; the returned Date must be read with getUTC*. */
const wall = (instant) => new Date(instant.getTime() + OFFSET_MS);
const instantOf = (wallDate) => new Date(wallDate.getTime() - OFFSET_MS);

export const hourMinute = (instant) => {
  const at = wall(instant);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
};

export const dayLabel = (instant) => {
  const at = wall(instant);
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 周${WEEKDAYS[at.getUTCDay()]}`;
};

export const dayKey = (instant) => wall(instant).toISOString().slice(0, 10);

export const dateLabel = (instant) => `${wall(instant).getUTCFullYear()}年${dayLabel(instant)}`;

export const fullLabel = (instant) => `${dateLabel(instant)} ${hourMinute(instant)}`;

export const secondLabel = (instant) => `${hourMinute(instant)}:${two(wall(instant).getUTCSeconds())}`;

/** ISO text with the county's offset, as the simulator's clock takes it. */
export const isoShanghai = (instant) => `${wall(instant).toISOString().slice(0, 19)}+08:00`;

export const later = (instant, { hours = 0, days = 0 }) =>
  new Date(instant.getTime() + (hours + days * 24) * 3600 * 1000);

/** The next given weekday and time strictly after `now`; weekday 0 is Sunday. */
export function nextWeekday(now, weekday, hours, minutes) {
  const at = wall(now);
  at.setUTCDate(at.getUTCDate() + ((weekday - at.getUTCDay() + 7) % 7));
  at.setUTCHours(hours, minutes, 0, 0);
  if (instantOf(at) <= now) at.setUTCDate(at.getUTCDate() + 7);
  return instantOf(at);
}

/** Monday of the week after `now`'s, as 下周一 is said. */
export function nextWeekMonday(now, hours, minutes) {
  const at = wall(now);
  at.setUTCDate(at.getUTCDate() + ((1 - at.getUTCDay() + 7) % 7 || 7));
  at.setUTCHours(hours, minutes, 0, 0);
  return instantOf(at);
}

/** The instant a reader typed as 2026-11-27 15:07 (or 11-27 15:07, in `now`'s year), or null. */
export function parseTyped(text, now) {
  const match = text.trim().replace(/[年月/.]/g, "-").replace(/日/g, " ").replace(/：/g, ":")
    .match(/^(?:(\d{4})-)?(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})$/);
  if (!match) return null;
  const [, year, month, day, hours, minutes] = match;
  const parts = [Number(year ?? wall(now).getUTCFullYear()), month - 1, Number(day), Number(hours), Number(minutes)];
  const typed = new Date(Date.UTC(...parts));
  const real = typed.getUTCMonth() === parts[1] && typed.getUTCDate() === parts[2] && parts[3] < 24 && parts[4] < 60;
  return real ? instantOf(typed) : null;
}
