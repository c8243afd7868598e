"""Input to clean data. Rules are said by the services."""

from products.forms.desk import CommuneReportForm, EnterDossierForm, SamplesForm, SectionForm
from products.forms.dossiers import DraftForm, RegistrationForm
from products.forms.entities import (
    AttachAccountForm,
    EntityAccountForm,
    EntityForm,
    MergeForm,
    RepresentativeForm,
)
from products.forms.photos import CaptionForm, PhotosForm
from products.forms.products import ProductForm
from products.forms.recognitions import ExtensionForm, RecognitionForm
from products.forms.steps import ReasonForm

__all__ = [
    "CaptionForm",
    "ExtensionForm",
    "PhotosForm",
    "RecognitionForm",
    "AttachAccountForm",
    "CommuneReportForm",
    "DraftForm",
    "EnterDossierForm",
    "EntityAccountForm",
    "EntityForm",
    "MergeForm",
    "ProductForm",
    "ReasonForm",
    "RegistrationForm",
    "RepresentativeForm",
    "SamplesForm",
    "SectionForm",
]
