package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// apiContext shows huma a request of ours.
type apiContext struct {
	r      *request
	op     *huma.Operation
	ctx    context.Context
	status int
}

func (c *apiContext) Operation() *huma.Operation { return c.op }
func (c *apiContext) Context() context.Context   { return c.ctx }
func (c *apiContext) TLS() *tls.ConnectionState  { return c.r.TLS }
func (c *apiContext) Method() string             { return c.r.Method }
func (c *apiContext) Host() string               { return c.r.Host }
func (c *apiContext) RemoteAddr() string         { return c.r.RemoteAddr }
func (c *apiContext) URL() url.URL               { return *c.r.URL }
func (c *apiContext) Param(name string) string   { return c.r.param(name) }
func (c *apiContext) Query(name string) string   { return c.r.query(name) }
func (c *apiContext) Header(name string) string  { return c.r.Header.Get(name) }
func (c *apiContext) BodyReader() io.Reader      { return c.r.Body }
func (c *apiContext) BodyWriter() io.Writer      { return &c.r.w }
func (c *apiContext) Status() int                { return c.status }

func (c *apiContext) Version() huma.ProtoVersion {
	return huma.ProtoVersion{Proto: c.r.Proto, ProtoMajor: c.r.ProtoMajor, ProtoMinor: c.r.ProtoMinor}
}

func (c *apiContext) EachHeader(f func(name, value string)) {
	for name, values := range c.r.Header {
		for _, v := range values {
			f(name, v)
		}
	}
}

func (c *apiContext) GetMultipartForm() (*multipart.Form, error) {
	return nil, errors.New("the API takes no forms")
}

func (c *apiContext) SetReadDeadline(t time.Time) error {
	return http.NewResponseController(&c.r.w).SetReadDeadline(t)
}

func (c *apiContext) SetStatus(status int)            { c.status = status; c.r.w.WriteHeader(status) }
func (c *apiContext) SetHeader(name, value string)    { c.r.w.Header().Set(name, value) }
func (c *apiContext) AppendHeader(name, value string) { c.r.w.Header().Add(name, value) }
