package sample

// step is the distance between the numbers that mix scrambles best: 2^64 over the golden ratio.
const step = 0x9e3779b97f4a7c15

// mix scrambles a number into one that looks random; different numbers stay different (SplitMix64).
func mix(x uint64) uint64 {
	x += step
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
