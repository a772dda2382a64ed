// Calendar events of jobs ("daily", "mon..fri 22:00", "*/15"): when they come next. Times are UTC.

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const named: Readonly<Record<string, string>> = {
  minutely: "*:*",
  hourly: "*:0",
  daily: "0:0",
  weekly: "mon 0:0",
  monthly: "*-1 0:0",
  quarterly: "1,4,7,10-1 0:0",
  semiannually: "1,7-1 0:0",
  "semi-annually": "1,7-1 0:0",
  yearly: "1-1 0:0",
  annually: "1-1 0:0",
};

type Matches = (value: number) => boolean;

// One field: all, a number, a list, a range `1..5`, steps `0/30`.
function field(text: string): Matches {
  const parts = text.split(",").map((part): Matches => {
    const [range = "", step] = part.split("/");
    const [low = "", high] = range.split("..");
    const from = low === "*" ? 0 : Number(low);
    const to =
      high === undefined ? (step === undefined && low !== "*" ? from : Number.POSITIVE_INFINITY) : Number(high);
    const by = step === undefined ? 1 : Number(step);
    return (value) => value >= from && value <= to && (value - from) % by === 0;
  });
  return (value) => parts.some((part) => part(value));
}

function weekdays(text: string): Matches {
  const parts = text.split(",").map((part): Matches => {
    const [from = -1, to = from] = part.split("..").map((day) => days.indexOf(day.slice(0, 3)));
    return (day) => (from <= to ? day >= from && day <= to : day >= from || day <= to);
  });
  return (day) => parts.some((part) => part(day));
}

interface CalendarEvent {
  day: Matches;
  date: Matches;
  month: Matches;
  hour: Matches;
  minute: Matches;
}

function readEvent(text: string): CalendarEvent {
  const words = (named[text.trim()] ?? text).trim().toLowerCase().split(/\s+/);
  const any: Matches = () => true;
  const event: CalendarEvent = { day: any, date: any, month: any, hour: any, minute: field("0") };
  for (const word of words) {
    if (/^[a-z]/.test(word)) event.day = weekdays(word);
    else if (word.includes("-")) {
      const [date = "*", month = "*"] = word.split("-").reverse();
      event.date = date === "*" ? any : field(date);
      event.month = month === "*" ? any : field(month);
    } else if (word.includes(":")) {
      const [hour = "*", minute = "0"] = word.split(":");
      event.hour = field(hour);
      event.minute = field(minute);
    } else event.minute = field(word);
  }
  // a day alone means its midnight
  if (words.every((word: string) => /^[a-z]/.test(word) || word.includes("-"))) event.hour = field("0");
  return event;
}

const minute = 60;
const day = 86_400;

/** The next time after one, seconds since 1970; undefined when there is none within five years. */
export function nextRun(text: string, after: number): number | undefined {
  const event = readEvent(text);
  const limit = after + 5 * 366 * day;
  let time = (Math.floor(after / minute) + 1) * minute;
  while (time < limit) {
    const date = new Date(time * 1000);
    if (!(event.day(date.getUTCDay()) && event.date(date.getUTCDate()) && event.month(date.getUTCMonth() + 1))) {
      time = (Math.floor(time / day) + 1) * day;
    } else if (!event.hour(date.getUTCHours())) time = (Math.floor(time / 3600) + 1) * 3600;
    else if (event.minute(date.getUTCMinutes())) return time;
    else time += minute;
  }
  return undefined;
}
