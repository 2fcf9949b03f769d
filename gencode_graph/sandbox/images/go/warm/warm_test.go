// Package warm imports what programs use most, so that it is compiled once, when the image is built.
package warm

import (
	_ "bufio"
	_ "container/heap"
	_ "container/list"
	_ "context"
	_ "crypto/sha256"
	_ "encoding/json"
	_ "flag"
	"fmt"
	_ "log"
	_ "math/rand"
	_ "net/http/httptest"
	_ "regexp"
	_ "testing/quick"
	_ "text/template"
	"testing"
)

func TestWarm(t *testing.T) {
	if fmt.Sprint(1) != "1" {
		t.Fatal("1 is not 1")
	}
}
