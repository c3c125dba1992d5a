//! What is answered when a question cannot be: a status, a code, a sentence, and the places in a
//! rule. Handlers return it; [`show`] writes it as JSON or as a page, as the asker reads.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Language, LocalizedText};
use rules::PlacedDiagnostic;
use serde::Serialize;

use crate::app::App;
use crate::pages::problem_page;
use crate::pages::reader::Reader;
use crate::ports::life::RuleProblems;
use crate::{Error, ErrorKind};

/// After how many seconds it makes sense to ask again.
const RETRY_AFTER: &str = "5";

/// Why a request is not answered as it was meant to be.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: LocalizedText,
    pub diagnostics: Vec<PlacedDiagnostic>,
    /// What is wrong with definitions, each with its places.
    pub definitions: Vec<DefinitionProblem>,
}

/// What is wrong, or doubtful, about a definition.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DefinitionProblem {
    pub kind: &'static str,
    pub key: String,
    pub rule: String,
    pub diagnostics: Vec<PlacedDiagnostic>,
}

impl DefinitionProblem {
    /// The problems in the words of a language.
    pub fn new(problems: &RuleProblems, language: Language) -> Self {
        let diagnostics = PlacedDiagnostic::all(&problems.diagnostics, &problems.rule, language);
        Self {
            kind: problems.kind,
            key: problems.key.clone(),
            rule: problems.rule.clone(),
            diagnostics,
        }
    }
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::said(status, code, LocalizedText::same(&message.into()))
    }

    /// One that is said in both languages.
    fn said(status: StatusCode, code: &'static str, message: LocalizedText) -> Self {
        Self {
            status,
            code,
            message,
            diagnostics: Vec::new(),
            definitions: Vec::new(),
        }
    }

    /// The problem of a change of definitions, in the words of a language.
    pub fn of_definitions(error: Error, language: Language) -> Self {
        let definitions = match &error {
            Error::Definitions(all) => all
                .iter()
                .map(|problems| DefinitionProblem::new(problems, language))
                .collect(),
            _ => return Self::from(error),
        };
        Self {
            definitions,
            ..Self::from(error)
        }
    }

    /// The problem of a question about that rule, in the words of a language.
    pub fn of_rule(error: Error, rule: &str, language: Language) -> Self {
        let diagnostics = match &error {
            Error::Rule(diagnostics) => PlacedDiagnostic::all(diagnostics, rule, language),
            _ => return Self::from(error),
        };
        Self {
            diagnostics,
            ..Self::from(error)
        }
    }

    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what)
    }

    pub fn invalid(what: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", what)
    }

    pub fn timeout() -> Self {
        let message = "the answer took too long: ask for less, or again later";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", message)
    }

    /// A defect of Muster, already logged.
    pub fn bug() -> Self {
        let message = "something went wrong inside Muster: its log says what";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Rule(_) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let message = LocalizedText {
                    zh: "规则有错误".to_owned(),
                    en: error.to_string(),
                };
                Self::said(status, "invalid_rule", message)
            }
            Error::Definitions(_) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let message = LocalizedText {
                    zh: "定义有错误，什么都没有改动".to_owned(),
                    en: error.to_string(),
                };
                Self::said(status, "invalid_definitions", message)
            }
            Error::Invalid(message) => Self::invalid(message),
            Error::NotFound(message) => Self::not_found(message),
            Error::Refused { kind, message } => {
                let problem = match kind {
                    ErrorKind::NotFound => Self::not_found(""),
                    ErrorKind::TryAgain => {
                        Self::new(StatusCode::SERVICE_UNAVAILABLE, "try_again", "")
                    }
                    ErrorKind::Invalid | ErrorKind::Bug => Self::invalid(""),
                };
                Self { message, ..problem }
            }
            Error::TryAgain(message) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "try_again", message)
            }
            Error::Bug(message) => {
                tracing::error!(error = %message, "a request could not be answered");
                Self::bug()
            }
        }
    }
}

impl IntoResponse for Problem {
    /// The bare status; [`show`] writes the rest.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What a JSON answer wraps a problem in.
#[derive(Serialize)]
struct Wrapped<'p> {
    error: Written<'p>,
}

/// A problem in the language of the asker.
#[derive(Serialize)]
struct Written<'p> {
    code: &'static str,
    message: &'p str,
    diagnostics: &'p [PlacedDiagnostic],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    definitions: &'p [DefinitionProblem],
}

impl<'p> Written<'p> {
    fn of(problem: &'p Problem, language: Language) -> Self {
        Self {
            code: problem.code,
            message: problem.message.of(language),
            diagnostics: &problem.diagnostics,
            definitions: &problem.definitions,
        }
    }
}

/// Writes problems as the asker reads: pages for browsers, JSON for everyone else.
pub(crate) async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let reader = Reader::of(request.method(), request.uri(), request.headers());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let status = problem.status;
    let mut shown = if reader.wants_page() {
        problem_page(&app, &reader, &problem).into_response()
    } else {
        let error = Written::of(&problem, reader.language);
        Json(Wrapped { error }).into_response()
    };
    *shown.status_mut() = status;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let seconds = HeaderValue::from_static(RETRY_AFTER);
        shown.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    if let Some(allowed) = response.headers_mut().remove(header::ALLOW) {
        shown.headers_mut().insert(header::ALLOW, allowed);
    }
    shown
}
