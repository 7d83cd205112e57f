/** A time as m:ss, or h:mm:ss from one hour on; `timeS` in seconds, cut to whole ones. */
export function timeText(timeS: number): string {
	const total = Math.max(0, Math.floor(timeS));
	const hours = Math.floor(total / 3600);
	const minutes = Math.floor(total / 60) % 60;
	const seconds = String(total % 60).padStart(2, '0');
	return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** A span as 0:12–0:19, or 0:12 alone where both ends fall into the same second. */
export function timeRangeText(startS: number, endS: number): string {
	const [start, end] = [timeText(startS), timeText(endS)];
	return start === end ? start : `${start}–${end}`;
}
