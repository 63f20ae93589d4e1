package picture

import "math"

// Outline is the shape as a line from point to point, and whether it ends where it began. A text has none.
func (s Shape) Outline() (points []Point, closed bool) {
	switch s.Kind {
	case Circle:
		return round(s.Points[0], s.Radius), true
	case Rect:
		return rounded(s.Points[0], s.Points[1], s.Radius), true
	case Path:
		return s.Points, s.Closed
	case Line:
		return s.Points, false
	default:
		return nil, false
	}
}

// Hatching are the slanted lines that fill a rect, cut at its edges.
func (s Shape) Hatching() (lines [][2]Point) {
	a, b := s.Points[0], s.Points[1]
	step := hatchStep * math.Sqrt2 // from line to line along an edge
	high := b.Y - a.Y
	for x := a.X - high + step/2; x < b.X; x += step {
		from, to := Point{x, b.Y}, Point{x + high, a.Y} // from the lower edge up to the right
		if from.X < a.X {
			from = Point{a.X, b.Y - (a.X - x)}
		}
		if to.X > b.X {
			to = Point{b.X, a.Y + (x + high - b.X)}
		}
		lines = append(lines, [2]Point{from, to})
	}
	return lines
}

// round is a circle as a polygon fine enough for what a chart draws.
func round(middle Point, radius float64) []Point {
	const corners = 24
	points := make([]Point, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = Point{middle.X + radius*cos, middle.Y + radius*sin}
	}
	return points
}

func rounded(a, b Point, radius float64) []Point {
	if radius <= 0 {
		return []Point{a, {b.X, a.Y}, b, {a.X, b.Y}}
	}
	const steps = 4
	var points []Point
	middles := []Point{{b.X - radius, a.Y + radius}, {b.X - radius, b.Y - radius}, {a.X + radius, b.Y - radius}, {a.X + radius, a.Y + radius}}
	for corner, middle := range middles {
		for i := range steps + 1 {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(corner) - 1 + float64(i)/steps))
			points = append(points, Point{middle.X + radius*cos, middle.Y + radius*sin})
		}
	}
	return points
}

// thick is a line from a to b of twice half's width; nil where it has no length.
func thick(a, b Point, half float64) []Point {
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	if length == 0 {
		return nil
	}
	x, y := (b.Y-a.Y)/length*half, (a.X-b.X)/length*half
	return []Point{{a.X + x, a.Y + y}, {b.X + x, b.Y + y}, {b.X - x, b.Y - y}, {a.X - x, a.Y - y}}
}

// dashed cuts a line into the pieces that are drawn: lengths of drawn and left out take turns.
func dashed(points []Point, lengths []float64) [][]Point {
	if len(lengths) == 0 || len(points) == 0 {
		return [][]Point{points}
	}
	var pieces [][]Point
	piece, turn, left := []Point{points[0]}, 0, lengths[0]
	for i := 0; i+1 < len(points); i++ {
		a, b := points[i], points[i+1]
		for {
			length := math.Hypot(b.X-a.X, b.Y-a.Y)
			if length <= left {
				left -= length
				if turn%2 == 0 {
					piece = append(piece, b)
				}
				break
			}
			a = Point{a.X + (b.X-a.X)*left/length, a.Y + (b.Y-a.Y)*left/length}
			if turn%2 == 0 {
				pieces = append(pieces, append(piece, a))
			}
			turn++
			left, piece = lengths[turn%len(lengths)], []Point{a}
		}
	}
	if turn%2 == 0 {
		pieces = append(pieces, piece)
	}
	return pieces
}
