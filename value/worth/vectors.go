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
