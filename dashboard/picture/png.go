package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// margin is the white around a picture: labels at its edges may stand out a little.
const margin = 16.0

// PNG writes the picture on white, scale pixels to one of the page's.
func (p *Picture) PNG(w io.Writer, scale float64) error {
	c := canvas{scale: scale, img: image.NewRGBA(image.Rect(0, 0, int(math.Ceil((p.Width+2*margin)*scale)), int(math.Ceil((p.Height+2*margin)*scale))))}
	draw.Draw(c.img, c.img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, s := range p.Shapes {
		if err := c.shape(s); err != nil {
			return fmt.Errorf("draw %q: %w", p.Title, err)
		}
	}
	return png.Encode(w, c.img)
}

// canvas draws shapes as dots.
type canvas struct {
	img   *image.RGBA
	scale float64
}

func (c *canvas) shape(s Shape) error {
	if s.Kind == Text {
		return c.text(s)
	}
	outline, closed := s.Outline()
	if s.Hatched {
		for _, l := range s.Hatching() {
			c.stroke(l[:], false, Hatch)
		}
		return nil
	}
	if s.Pen.Fill != nil && s.Kind != Line {
		c.fill([][]Point{outline}, s.Pen.Fill)
	}
	if s.Pen.Stroke != nil {
		c.stroke(outline, closed, s.Pen)
	}
	return nil
}

// stroke draws lines from point to point as thin rectangles, with a round joint where two meet.
func (c *canvas) stroke(points []Point, closed bool, pen Pen) {
	if closed && len(points) > 1 {
		points = append(points[:len(points):len(points)], points[0])
	}
	var areas [][]Point
	for _, piece := range dashed(points, pen.Dash) {
		for i := 0; i+1 < len(piece); i++ {
			if area := thick(piece[i], piece[i+1], pen.Width/2); area != nil {
				areas = append(areas, area)
			}
			if i > 0 && pen.Width >= 1.5 {
				areas = append(areas, round(piece[i], pen.Width/2))
			}
		}
	}
	for _, area := range areas {
		c.fill([][]Point{area}, pen.Stroke)
	}
}

func (c *canvas) fill(areas [][]Point, with *color.RGBA) {
	b := c.img.Bounds()
	r := vector.NewRasterizer(b.Dx(), b.Dy())
	for _, area := range areas {
		for i, p := range area {
			x, y := float32((p.X+margin)*c.scale), float32((p.Y+margin)*c.scale)
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(c.img, b, image.NewUniform(with), image.Point{})
}

func (c *canvas) text(s Shape) error {
	face, err := faceOf(s.Pen.Bold, s.Pen.Size*c.scale)
	if err != nil {
		return err
	}
	defer face.Close() //nolint:errcheck // holds no resource
	d := font.Drawer{Dst: c.img, Src: image.NewUniform(s.Pen.Fill), Face: face}
	x := (s.Points[0].X + margin) * c.scale
	wide := float64(d.MeasureString(s.Text)) / 64
	switch s.Anchor {
	case "middle":
		x -= wide / 2
	case "end":
		x -= wide
	}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6((s.Points[0].Y + margin) * c.scale * 64)}
	d.DrawString(s.Text)
	return nil
}

// fonts are Go's own typefaces: they are in a module, free, and the same on every machine.
var fonts = sync.OnceValues(func() (f [2]*opentype.Font, err error) {
	for i, file := range [][]byte{goregular.TTF, gobold.TTF} {
		if f[i], err = opentype.Parse(file); err != nil {
			return f, fmt.Errorf("read the typeface: %w", err)
		}
	}
	return f, nil
})

func faceOf(bold bool, size float64) (font.Face, error) {
	f, err := fonts()
	if err != nil {
		return nil, err
	}
	which := f[0]
	if bold {
		which = f[1]
	}
	return opentype.NewFace(which, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
}
