package worth

// vectors are the lanes of each kind; nil where there is nothing. One that is reset keeps its memory for the next unit.
type vectors struct {
	at, spare [][]float64
	lanes     int
}

func newVectors(lanes, kinds int) *vectors {
	return &vectors{make([][]float64, kinds), make([][]float64, kinds), lanes}
}

func (v *vectors) reset() {
	for k, at := range v.at {
		if at != nil {
			v.spare[k], v.at[k] = at, nil
		}
	}
}

// begin gives a kind that has nothing yet its memory; what stands there is to be overwritten.
func (v *vectors) begin(kind int) []float64 {
	if v.at[kind] = v.spare[kind]; v.at[kind] == nil {
		v.at[kind] = make([]float64, v.lanes)
	}
	return v.at[kind]
}

// add adds f times a vector to a kind.
func (v *vectors) add(kind int, f float64, by []float64) {
	if by == nil || f == 0 {
		return
	}
	to := v.at[kind]
	if to == nil {
		to = v.begin(kind)[:len(by)]
		for i, b := range by {
			to[i] = float64(f * b)
		}
		return
	}
	to = to[:len(by)]
	for i, b := range by {
		to[i] += float64(f * b)
	}
}

// addAll adds f times all vectors of another.
func (v *vectors) addAll(f float64, o *vectors) {
	for k, by := range o.at {
		v.add(k, f, by)
	}
}

// block is how many lanes are summed at a time: what is summed then stays in the processor's nearest memory.
const block = 1024

// sum makes a kind the sum of n vectors, each times its factor. A nil one is nothing.
func (v *vectors) sum(kind, n int, of func(i int) (factor float64, by []float64)) {
	for from := 0; from < v.lanes; from += block {
		to := min(from+block, v.lanes)
		for i := range n {
			f, by := of(i)
			if by == nil || f == 0 {
				continue
			}
			if v.at[kind] == nil {
				clear(v.begin(kind))
			}
			out, by := v.at[kind][from:to], by[from:to]
			for lane, b := range by[:len(out)] {
				out[lane] += float64(f * b)
			}
		}
	}
}
